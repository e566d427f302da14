package io.aihub.testbed;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.FailureView;
import io.aihub.queue.api.LedgerView;
import io.aihub.task.api.NewTask;
import io.aihub.task.api.TaskView;
import io.aihub.task.api.TransitionView;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The REST interface for people's programs, as one user sees it. */
public final class Api {

  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final String server;
  private final String authorization;

  /**
   * @param server the application's address, without a slash at its end
   */
  public Api(String server, String username, String password) {
    this.server = server;
    this.authorization =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((username + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  /** An answer that isn't a success. */
  public static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;

    Refusal(String request, int status, String body) {
      super(request + " was answered " + status + ": " + body);
      this.status = status;
    }

    public int status() {
      return status;
    }
  }

  public record Script(String sha256, String name) {}

  public record Machine(String name, String tag, String token) {}

  public record TaskDetail(
      TaskView task,
      LedgerView ledger,
      Map<FailureClass, Long> failuresByClass,
      List<TransitionView> transitions) {}

  public record FailurePage(List<FailureView> items, int offset, long total) {}

  public Script uploadScript(String name, String source) {
    return read(
        send(
            "POST",
            "/scripts?name=" + URLEncoder.encode(name, StandardCharsets.UTF_8),
            "text/x-python",
            source),
        Script.class);
  }

  public TaskView createTask(NewTask task) {
    return read(post("/tasks", task), TaskView.class);
  }

  /** Approve, reject, pause, resume or cancel. */
  public TaskView act(long taskId, String action, String comment) {
    return read(
        post("/tasks/" + taskId + "/" + action, Map.of("comment", comment)), TaskView.class);
  }

  public TaskDetail task(long taskId) {
    return read(send("GET", "/tasks/" + taskId, null, null), TaskDetail.class);
  }

  /** Final failures in the order of the lines. */
  public FailurePage failures(long taskId, int offset, int limit) {
    return read(
        send(
            "GET",
            "/tasks/%d/failures?finalOnly=true&offset=%d&limit=%d".formatted(taskId, offset, limit),
            null,
            null),
        FailurePage.class);
  }

  public void createUser(String username, String displayName, String password, boolean admin) {
    post(
        "/users",
        Map.of(
            "username", username,
            "displayName", displayName,
            "password", password,
            "admin", admin));
  }

  /** The only time that the machine's token is told. */
  public Machine createMachine(String name, String tag) {
    return read(post("/machines", Map.of("name", name, "tag", tag)), Machine.class);
  }

  private static <T> T read(String json, Class<T> type) {
    return JSON.readValue(json, type);
  }

  private String post(String path, Object body) {
    return send("POST", path, "application/json", JSON.writeValueAsString(body));
  }

  private String send(String method, String path, String contentType, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + "/api" + path))
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", authorization)
            .header("Accept", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (contentType != null) {
      request.header("Content-Type", contentType + ";charset=UTF-8");
    }
    try {
      HttpResponse<String> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() / 100 != 2) {
        throw new Refusal(method + " " + path, answer.statusCode(), answer.body());
      }
      return answer.body();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(method + " " + path + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
