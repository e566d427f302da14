package io.aihub.testbed;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A Payara Server in a process and a domain of its own, with the EAR. It listens on the loopback
 * address only. The configuration reaches it as environment variables.
 */
public final class PayaraServer {

  // Half a minute on an idle machine with two cores; the limit is for one with much else to do.
  private static final Duration START_LIMIT = Duration.ofMinutes(10);

  private final PayaraDomain domain;
  private final Path ear;
  private final Path log;
  private final Path records;
  private final int port;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private ChildProcess process;

  PayaraServer(PayaraDomain domain, Path ear, Path log, Path records, int port) {
    this.domain = domain;
    this.ear = ear;
    this.log = log;
    this.records = records;
    this.port = port;
  }

  /** Sets a configuration key such as {@code aihub.queue.lease-seconds} for the next start. */
  public PayaraServer with(String key, Object value) {
    environment.put(
        key.toUpperCase(java.util.Locale.ROOT).replaceAll("[^A-Z0-9]", "_"), String.valueOf(value));
    return this;
  }

  /** Starts the server and returns at once; see {@link #awaitReady}. */
  public void launch() throws IOException {
    ProcessBuilder command = new ProcessBuilder(domain.startCommand(ear));
    command.environment().putAll(environment);
    command.directory(domain.folder().toFile());
    process = ChildProcess.start("server", command, log, records);
  }

  /** Waits until the application is deployed and answers. */
  public void awaitReady() {
    Waiting.until("the server is ready; see " + log, START_LIMIT, this::isReady);
    domain.deployed();
  }

  public void start() throws IOException {
    launch();
    awaitReady();
  }

  /**
   * Starts the server with nothing deployed, for tests that deploy what they need themselves, and
   * waits until it can be administered.
   */
  public void startWithoutApplication() throws IOException {
    domain.deployed();
    launch();
    Waiting.until(
        "the server can be administered; see " + log,
        START_LIMIT,
        () -> answersWell(consoleUrl() + "/management/domain.json"));
  }

  private boolean isReady() {
    try {
      String logged = Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
      if (logged.contains("returned with result FAILURE")) {
        throw new IllegalStateException("The application couldn't be deployed; see " + log);
      }
      if (logged.contains("Shutting down server due to startup exception")) {
        throw new IllegalStateException(
            "The server couldn't start, mostly because somebody took one of its ports; see " + log);
      }
    } catch (IOException e) {
      return false;
    }
    return answersWell(url() + "/login.xhtml");
  }

  private boolean answersWell(String address) {
    if (!process.isAlive()) {
      throw new IllegalStateException("The server ended; see " + log);
    }
    try {
      HttpResponse<Void> answer =
          http.send(
              HttpRequest.newBuilder(URI.create(address)).timeout(Duration.ofSeconds(20)).build(),
              HttpResponse.BodyHandlers.discarding());
      return answer.statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  public void stop() {
    if (process != null && process.isAlive()) {
      process.stop(Duration.ofSeconds(30));
    }
  }

  /** kill -9; {@link #start} brings it back with what it had. */
  public void kill() {
    process.kill();
  }

  public boolean isAlive() {
    return process != null && process.isAlive();
  }

  public ChildProcess process() {
    return process;
  }

  /** The application's address, without a slash at its end. */
  public String url() {
    return "http://localhost:" + port + "/aihub";
  }

  public String consoleUrl() {
    return "http://localhost:" + domain.adminPort();
  }

  public int adminPort() {
    return domain.adminPort();
  }

  /** The folder of the unpacked distribution. */
  public Path payara() {
    return domain.payara();
  }

  public Path log() {
    return log;
  }

  /** The ports it must have. */
  List<Integer> ports() {
    return List.of(port, domain.adminPort());
  }
}
