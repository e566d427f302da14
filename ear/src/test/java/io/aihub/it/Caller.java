package io.aihub.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A program outside that calls the server over HTTP, with nothing of ours on its side. */
final class Caller {

  static final JsonMapper JSON = JsonMapper.builder().build();

  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private final String server;
  private final String authorization;

  private Caller(String server, String authorization) {
    this.server = server;
    this.authorization = authorization;
  }

  /** Says nothing of who it is. */
  static Caller nobody(String server) {
    return new Caller(server, null);
  }

  static Caller machine(String server, String token) {
    return new Caller(server, "Bearer " + token);
  }

  static Caller person(String server, String username, String password) {
    return new Caller(
        server,
        "Basic " + Base64.getEncoder().encodeToString((username + ":" + password).getBytes(UTF_8)));
  }

  HttpResponse<String> get(String path, String... headers) {
    return send("GET", path, null, null, headers);
  }

  /** Sends {@code body} as JSON. */
  HttpResponse<String> post(String path, Object body, String... headers) {
    return send("POST", path, "application/json", JSON.writeValueAsString(body), headers);
  }

  /**
   * @param path below the application's address
   * @param body null means none
   * @param headers names and values by turns
   */
  HttpResponse<String> send(
      String method, String path, String contentType, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : server + path))
            .timeout(Duration.ofSeconds(60))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    if (contentType != null) {
      request.header("Content-Type", contentType);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException failed) {
      throw new UncheckedIOException(method + " " + path, failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(stopped);
    }
  }

  /** The answer's JSON, which must have come with this status. */
  static JsonNode json(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.request() + "\n" + answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/json");
    return JSON.readTree(answer.body());
  }

  /** Checks that the answer is a problem document with this status and code, and returns it. */
  static JsonNode problem(HttpResponse<String> answer, int status, String code) {
    JsonNode problem = problem(answer, status);
    assertThat(problem.path("code").asString()).as(answer.body()).isEqualTo(code);
    return problem;
  }

  /** Checks that the answer is a problem document that gives nothing of the inside away. */
  static JsonNode problem(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.request() + "\n" + answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .as(answer.request() + "\n" + answer.body())
        .startsWith("application/problem+json");
    assertThat(answer.body()).doesNotContain("<html", "Exception", "\tat ", "org.", "io.aihub.");
    JsonNode problem = JSON.readTree(answer.body());
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("type").asString()).isNotEmpty();
    assertThat(problem.path("title").asString()).isNotEmpty();
    assertThat(problem.path("detail").asString()).isNotEmpty();
    assertThat(problem.path("code").asString()).isNotEmpty();
    return problem;
  }
}
