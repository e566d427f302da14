package io.aihub.benchmark.script;

import io.aihub.testbed.ChildProcess;
import io.aihub.testbed.NginxRelay;
import io.aihub.testbed.Ports;
import io.aihub.testbed.Waiting;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Where the benchmarks download from, a process of its own: nginx with a worker and its own
 * settings, or a plain server in Java where there is no nginx. Below {@code /f/} and {@code /m/}
 * every name is the same file of 20 kB or 500 kB; {@code /big} is as large as asked for.
 */
public final class FileOrigin implements AutoCloseable {

  public static final int FILE_BYTES = 20_000;
  public static final int LARGER_BYTES = 500_000;
  static final char[] PASSWORD = "origin".toCharArray();

  private final int http = Ports.free();
  private final int https = Ports.free();
  private final String program;
  private final ChildProcess process;

  /**
   * Starts it.
   *
   * @param folder for its files
   * @param bigBytes size of the big file, which takes no room on disk
   */
  public FileOrigin(Path folder, long bigBytes, Path log) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve("small"), random(FILE_BYTES));
    Files.write(folder.resolve("middle"), random(LARGER_BYTES));
    try (RandomAccessFile big = new RandomAccessFile(folder.resolve("big").toFile(), "rw")) {
      big.setLength(bigBytes);
    }
    Path keys = keys(folder);
    Optional<Path> nginx = NginxRelay.program();
    List<String> command;
    if (nginx.isPresent()) {
      program = "nginx";
      command = nginx(nginx.get(), folder, keys);
    } else {
      program = "a server in Java, as there is no nginx,";
      command =
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-cp",
              System.getProperty("java.class.path"),
              PlainOrigin.class.getName(),
              folder.toString(),
              keys.toString(),
              String.valueOf(http),
              String.valueOf(https));
    }
    process =
        ChildProcess.start("origin", new ProcessBuilder(command), log, folder.resolve("process"));
    Waiting.until(
        "the origin listens; see " + log,
        Duration.ofSeconds(20),
        () -> process.isAlive() && !Ports.isFree(http) && !Ports.isFree(https));
  }

  /** What it is, for people. */
  public String program() {
    return program;
  }

  public long pid() {
    return process.pid();
  }

  public String http() {
    return "http://127.0.0.1:" + http;
  }

  public String https() {
    return "https://127.0.0.1:" + https;
  }

  @Override
  public void close() {
    process.stop(Duration.ofSeconds(10));
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private List<String> nginx(Path nginx, Path folder, Path keys) throws IOException {
    try (InputStream in = Files.newInputStream(keys)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD);
      Key key = store.getKey("origin", PASSWORD);
      Certificate certificate = store.getCertificate("origin");
      Files.writeString(folder.resolve("key.pem"), pem("PRIVATE KEY", key.getEncoded()));
      Files.writeString(folder.resolve("cert.pem"), pem("CERTIFICATE", certificate.getEncoded()));
    } catch (GeneralSecurityException unreadable) {
      throw new IOException(unreadable);
    }
    Files.writeString(
        folder.resolve("nginx.conf"),
        """
        daemon off;
        master_process off;
        pid nginx.pid;
        error_log stderr warn;
        events {}
        http {
          access_log off;
          sendfile on;
          client_body_temp_path body;
          proxy_temp_path proxy;
          fastcgi_temp_path fastcgi;
          uwsgi_temp_path uwsgi;
          scgi_temp_path scgi;
          server {
            listen 127.0.0.1:%d;
            listen 127.0.0.1:%d ssl;
            ssl_certificate cert.pem;
            ssl_certificate_key key.pem;
            root %s;
            location /f/ { rewrite ^ /small break; }
            location /m/ { rewrite ^ /middle break; }
          }
        }
        """
            .formatted(http, https, folder));
    return List.of(
        nginx.toString(), "-p", folder.toString(), "-c", folder + "/nginx.conf", "-e", "stderr");
  }

  private static String pem(String kind, byte[] der) {
    String text =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
  }

  private static Path keys(Path folder) throws IOException {
    Path store = folder.resolve("origin.p12");
    Files.deleteIfExists(store);
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "origin",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=ip:127.0.0.1,dns:localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!Files.exists(store)) {
      throw new IOException("keytool makes no key: " + said);
    }
    return store;
  }
}
