package io.aihub.client.script;

import io.aihub.client.wire.Sent;
import io.aihub.client.wire.Trouble;
import io.aihub.queue.api.FailureClass;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;

/**
 * Which failure class an exception of a script belongs to. HTTP libraries wrap what the network
 * said, so every link of the chain is looked at, the most telling kind first.
 */
final class FailureRules {

  private static final int MAX_RETRY_AFTER_SECONDS = 86_400;

  private static final List<String> HTTP_ERRORS =
      List.of(
          "requests.exceptions.HTTPError",
          "urllib.error.HTTPError",
          "httpx.HTTPStatusError",
          "aiohttp.client_exceptions.ClientResponseError",
          "botocore.exceptions.ClientError");
  private static final List<String> DNS =
      List.of(
          "socket.gaierror",
          "_socket.gaierror",
          "urllib3.exceptions.NameResolutionError",
          "aiohttp.client_exceptions.ClientConnectorDNSError");
  private static final List<String> TLS =
      List.of(
          "ssl.SSLError",
          "_ssl.SSLError",
          "requests.exceptions.SSLError",
          "urllib3.exceptions.SSLError",
          "aiohttp.client_exceptions.ClientSSLError",
          "botocore.exceptions.SSLError");
  private static final List<String> TIMEOUT =
      List.of(
          "builtins.TimeoutError",
          "requests.exceptions.Timeout",
          "urllib3.exceptions.TimeoutError",
          "httpx.TimeoutException",
          "botocore.exceptions.ConnectTimeoutError",
          "botocore.exceptions.ReadTimeoutError");

  /** urllib3 derives it from its connect time-out, but it is raised for a refusal. */
  private static final List<String> NO_TIMEOUT = List.of("urllib3.exceptions.NewConnectionError");

  private static final List<String> CONNECT =
      List.of(
          "builtins.ConnectionError",
          "requests.exceptions.ConnectionError",
          "requests.exceptions.ChunkedEncodingError",
          "urllib3.exceptions.ProtocolError",
          "urllib3.exceptions.NewConnectionError",
          "http.client.IncompleteRead",
          "http.client.RemoteDisconnected",
          "httpx.TransportError",
          "aiohttp.client_exceptions.ClientConnectionError",
          "aiohttp.client_exceptions.ClientPayloadError",
          "botocore.exceptions.HTTPClientError");

  /** ENETDOWN, ENETUNREACH, ENETRESET, EHOSTDOWN, EHOSTUNREACH, by Linux's numbers. */
  private static final List<Integer> UNREACHABLE = List.of(100, 101, 102, 112, 113);

  /** ENOSPC and EDQUOT, by Linux's numbers. */
  private static final List<Integer> NO_ROOM = List.of(28, 122);

  private FailureRules() {}

  /** Whether the script failed because the disk is full, which is no fault of the line's. */
  static boolean isNoRoom(List<RaisedLink> links) {
    return links.stream().anyMatch(link -> NO_ROOM.contains(link.errno()));
  }

  /** The class of an exception, given it and what it was raised from; SCRIPT where nothing fits. */
  static FailureClass classify(List<RaisedLink> links) {
    for (RaisedLink link : links) {
      if (link.status() >= 400 && link.isAny(HTTP_ERRORS)) {
        return ofStatus(link.status());
      }
    }
    if (anyIs(links, DNS)) {
      return FailureClass.DNS;
    }
    if (links.stream().anyMatch(link -> link.isAny(TIMEOUT) && !link.isAny(NO_TIMEOUT))) {
      return FailureClass.TIMEOUT;
    }
    if (anyIs(links, TLS)) {
      return FailureClass.TLS;
    }
    if (anyIs(links, CONNECT)
        || links.stream().anyMatch(link -> UNREACHABLE.contains(link.errno()))) {
      return FailureClass.CONNECT;
    }
    return FailureClass.SCRIPT;
  }

  /** The class of an HTTP error status; 408 and 425 pass like a time-out and a 429. */
  static FailureClass ofStatus(int status) {
    return switch (status) {
      case 408 -> FailureClass.TIMEOUT;
      case 425, 429 -> FailureClass.HTTP_429;
      default -> status >= 500 ? FailureClass.HTTP_5xx : FailureClass.HTTP_4xx;
    };
  }

  /**
   * The class of a line whose script doesn't say what went wrong: what its last request failed of.
   *
   * @param requests the oldest first
   * @param otherwise where that went well, or there was none
   */
  static FailureClass ofLast(List<Sent> requests, FailureClass otherwise) {
    Sent last = last(requests);
    if (last == null || !last.isFailure()) {
      return otherwise;
    }
    return last.trouble() != null ? ofTrouble(last.trouble(), otherwise) : ofStatus(last.status());
  }

  /**
   * The last request; where it went well and one beside it failed, as a script with threads may
   * have it, that one. Null where there was none.
   */
  private static Sent last(List<Sent> requests) {
    if (requests.isEmpty()) {
      return null;
    }
    Sent last = requests.get(requests.size() - 1);
    return last.isFailure()
        ? last
        : requests.stream().filter(sent -> sent.failedBeside(last)).findFirst().orElse(last);
  }

  private static FailureClass ofTrouble(Trouble trouble, FailureClass otherwise) {
    return switch (trouble) {
      case DNS -> FailureClass.DNS;
      case TLS -> FailureClass.TLS;
      case CONNECT_TIMEOUT, READ_TIMEOUT -> FailureClass.TIMEOUT;
      case CONNECT, RESET, NO_RESPONSE, INCOMPLETE, PROTOCOL -> FailureClass.CONNECT;
      case TOO_LARGE -> FailureClass.SCRIPT;
      case ABORTED, ELSEWHERE -> otherwise;
    };
  }

  /** How many seconds the origin asked to be left alone, at most a day; null where it did not. */
  static Integer retryAfter(List<RaisedLink> links, Instant now) {
    return links.stream()
        .map(RaisedLink::retryAfter)
        .filter(Objects::nonNull)
        .findFirst()
        .map(header -> seconds(header.strip(), now))
        .orElse(null);
  }

  /** The same, of the last request; null where it went well. */
  static Integer retryAfterOfLast(List<Sent> requests, Instant now) {
    Sent last = last(requests);
    return last == null || last.status() < 400 || last.retryAfter() == null
        ? null
        : seconds(last.retryAfter().strip(), now);
  }

  /** RFC 9110, 10.2.3: seconds or a date. */
  private static Integer seconds(String header, Instant now) {
    if (header.matches("\\d{1,9}")) {
      return Math.min(Integer.parseInt(header), MAX_RETRY_AFTER_SECONDS);
    }
    try {
      Instant until = ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      long seconds = Duration.between(now, until).toSeconds();
      return (int) Math.max(0, Math.min(seconds, MAX_RETRY_AFTER_SECONDS));
    } catch (DateTimeParseException unreadable) {
      return null;
    }
  }

  private static boolean anyIs(List<RaisedLink> links, List<String> types) {
    return links.stream().anyMatch(link -> link.isAny(types));
  }
}
