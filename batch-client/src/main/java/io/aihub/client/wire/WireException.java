package io.aihub.client.wire;

import io.aihub.client.wire.NetworkRules.RefusedAddressException;
import java.io.EOFException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.TruncatedChunkException;
import org.apache.hc.core5.net.InetAddressUtils;

/** A request that failed, in the words and numbers that Python has for it. */
public final class WireException extends Exception {

  private static final long serialVersionUID = 1L;

  /** The number where an answer is no HTTP for its size alone. */
  private static final int BEYOND_LIMITS = 1;

  /** In what HttpClient says of a chunk that broke off: how long it was to be, and was. */
  private static final Pattern CHUNK_SIZES =
      Pattern.compile("expected size: (\\d{1,18}); actual size: (\\d{1,18})");

  private final Trouble trouble;
  private final int number;

  /**
   * Describes a failure.
   *
   * @param number the operating system's or OpenSSL's, of a chunk that broke off the bytes that are
   *     missing, or 0
   */
  public WireException(Trouble trouble, String text, int number, Throwable cause) {
    super(text, cause);
    this.trouble = trouble;
    this.number = number;
  }

  static WireException elsewhere(String why) {
    return new WireException(Trouble.ELSEWHERE, why, 0, null);
  }

  /** Says what a script can do about a body that is to be read in one piece. */
  static WireException tooLarge(long bytes) {
    return new WireException(
        Trouble.TOO_LARGE,
        "a body of %d MB is more than there is memory for; read it in pieces, with stream=True and iter_content"
            .formatted(Math.max(1, bytes / 1_000_000)),
        0,
        null);
  }

  /** A body that is to be read in one piece can't be kept until it is whole. */
  static WireException noRoom(Exception disk) {
    return new WireException(
        Trouble.TOO_LARGE, "the body can't be kept on the client's disk: " + disk, 0, disk);
  }

  static WireException aborted() {
    return new WireException(Trouble.ABORTED, "the script was stopped", 0, null);
  }

  /** Says why a connection was not made. */
  static WireException whileConnecting(Exception failure, boolean inHandshake) {
    if (failure instanceof RefusedAddressException) {
      return new WireException(
          Trouble.CONNECT, "Permission denied: " + failure.getMessage(), 13, failure);
    }
    if (failure instanceof UnknownHostException) {
      String text = String.valueOf(failure.getMessage());
      return text.contains("Temporary failure")
          ? new WireException(Trouble.DNS, "Temporary failure in name resolution", -3, failure)
          : new WireException(Trouble.DNS, "Name or service not known", -2, failure);
    }
    if (failure instanceof SSLException refused) {
      return tls(refused);
    }
    if (inHandshake) {
      return whileTalking(failure);
    }
    if (failure instanceof ConnectTimeoutException || failure instanceof SocketTimeoutException) {
      return new WireException(Trouble.CONNECT_TIMEOUT, "timed out", 0, failure);
    }
    String text = String.valueOf(deepest(failure).getMessage()).toLowerCase(Locale.ROOT);
    if (text.contains("network is unreachable")) {
      return new WireException(Trouble.CONNECT, "Network is unreachable", 101, failure);
    }
    if (failure instanceof NoRouteToHostException || text.contains("no route to host")) {
      return new WireException(Trouble.CONNECT, "No route to host", 113, failure);
    }
    if (text.contains("reset")) {
      return new WireException(Trouble.CONNECT, "Connection reset by peer", 104, failure);
    }
    return new WireException(Trouble.CONNECT, "Connection refused", 111, failure);
  }

  /** Says why no answer, or not all of it, came over a connection. */
  static WireException whileTalking(Exception failure) {
    if (failure instanceof SocketTimeoutException) {
      return new WireException(Trouble.READ_TIMEOUT, "timed out", 0, failure);
    }
    if (failure instanceof NoHttpResponseException) {
      return new WireException(
          Trouble.NO_RESPONSE, "Remote end closed connection without response", 0, failure);
    }
    if (failure instanceof MessageConstraintException) {
      return new WireException(Trouble.PROTOCOL, failure.getMessage(), BEYOND_LIMITS, failure);
    }
    if (failure instanceof TruncatedChunkException) {
      Matcher sizes = CHUNK_SIZES.matcher(String.valueOf(failure.getMessage()));
      int missing = sizes.find() ? missing(sizes) : 0;
      return new WireException(Trouble.INCOMPLETE, "closed", missing, failure);
    }
    if (failure instanceof MalformedChunkCodingException || failure instanceof HttpException) {
      return new WireException(
          Trouble.PROTOCOL, between(String.valueOf(failure.getMessage())), 0, failure);
    }
    if (failure instanceof ConnectionClosedException) {
      return new WireException(Trouble.INCOMPLETE, "closed", 0, failure);
    }
    if (failure instanceof SSLException refused) {
      return tls(refused);
    }
    if (failure instanceof SocketException
        && String.valueOf(failure.getMessage()).contains("Broken pipe")) {
      return new WireException(Trouble.RESET, "Broken pipe", 32, failure);
    }
    return new WireException(Trouble.RESET, "Connection reset by peer", 104, failure);
  }

  private static WireException tls(SSLException failure) {
    Throwable deepest = deepest(failure);
    String said = String.valueOf(failure.getMessage());
    if (failure instanceof SSLPeerUnverifiedException) {
      String host = between(said);
      boolean address = InetAddressUtils.isIPv4(host) || InetAddressUtils.isIPv6(host);
      return certificate(
          (address ? "IP address" : "Hostname")
              + " mismatch, certificate is not valid for '"
              + host
              + "'.",
          failure);
    }
    if (deepest instanceof CertificateExpiredException) {
      return certificate("certificate has expired", failure);
    }
    if (deepest instanceof CertificateNotYetValidException) {
      return certificate("certificate is not yet valid", failure);
    }
    if (deepest instanceof CertificateException || said.contains("PKIX")) {
      return certificate(
          deepest instanceof SelfSignedException
              ? "self-signed certificate"
              : "unable to get local issuer certificate",
          failure);
    }
    if (deepest instanceof EOFException || said.contains("terminated the handshake")) {
      return new WireException(
          Trouble.TLS,
          "[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol",
          8,
          failure);
    }
    if (deepest instanceof SocketException) {
      return new WireException(Trouble.RESET, "Connection reset by peer", 104, failure);
    }
    if (deepest instanceof SocketTimeoutException) {
      return new WireException(Trouble.READ_TIMEOUT, "timed out", 0, failure);
    }
    if (said.contains("Unsupported or unrecognized SSL message")) {
      return new WireException(
          Trouble.TLS, "[SSL: WRONG_VERSION_NUMBER] wrong version number", 1, failure);
    }
    String kind =
        failure instanceof SSLHandshakeException ? "SSLV3_ALERT_HANDSHAKE_FAILURE" : "SSL_ERROR";
    return new WireException(Trouble.TLS, "[SSL: " + kind + "] " + said, 1, failure);
  }

  private static WireException certificate(String text, Exception failure) {
    return new WireException(
        Trouble.TLS,
        "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: " + text,
        1,
        failure);
  }

  /** What HttpClient's messages quote: {@code Certificate for <host> doesn't match …}. */
  private static String between(String message) {
    int start = message.indexOf('<');
    int end = message.lastIndexOf('>');
    return start < 0 || end < start ? message : message.substring(start + 1, end);
  }

  private static Throwable deepest(Throwable failure) {
    Throwable deepest = failure;
    for (int depth = 0; deepest.getCause() != null && depth < 10; depth++) {
      deepest = deepest.getCause();
    }
    return deepest;
  }

  private static int missing(Matcher sizes) {
    long missing = Long.parseLong(sizes.group(1)) - Long.parseLong(sizes.group(2));
    return (int) Math.min(missing, Integer.MAX_VALUE);
  }

  public Trouble trouble() {
    return trouble;
  }

  /** The operating system's or OpenSSL's number of it, or a number of bytes, or 0. */
  public int number() {
    return number;
  }

  /** A certificate that vouches for itself and is in no bundle. */
  static final class SelfSignedException extends CertificateException {
    private static final long serialVersionUID = 1L;

    SelfSignedException() {
      super("self-signed certificate");
    }
  }
}
