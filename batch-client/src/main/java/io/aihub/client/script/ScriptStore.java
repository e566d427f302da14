package io.aihub.client.script;

import io.aihub.client.server.RefusedException;
import io.aihub.client.server.ServerClient;
import io.aihub.client.server.ServerUnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Script versions by their hash: in memory, on disk, else from the server. Thread-safe. */
public final class ScriptStore {

  private final ServerClient server;
  private final Path folder;
  private final Map<String, Script> inMemory = new ConcurrentHashMap<>();

  /**
   * Keeps scripts in a directory.
   *
   * @param folder made if it is missing; kept over restarts
   */
  public ScriptStore(ServerClient server, Path folder) throws IOException {
    this.server = server;
    this.folder = Files.createDirectories(folder);
  }

  /**
   * A script version, its text proved by its hash.
   *
   * @throws IOException where the disk fails
   * @throws ServerUnavailableException where the server is away, or sends another text
   */
  public Script get(String sha256)
      throws IOException, ServerUnavailableException, RefusedException {
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new IOException("not a SHA-256: " + sha256);
    }
    Script known = inMemory.get(sha256);
    if (known != null) {
      return known;
    }
    Path file = folder.resolve(sha256 + ".py");
    byte[] text;
    if (Files.exists(file) && hash(Files.readAllBytes(file)).equals(sha256)) {
      text = Files.readAllBytes(file);
    } else {
      text = server.script(sha256).getBytes(StandardCharsets.UTF_8);
      if (!hash(text).equals(sha256)) {
        throw new ServerUnavailableException(
            "the server sent another text than script " + sha256, null);
      }
      Path part = Files.createTempFile(folder, "part-", ".py");
      Files.write(part, text);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }
    Script script = new Script(sha256, new String(text, StandardCharsets.UTF_8));
    inMemory.put(sha256, script);
    return script;
  }

  private static String hash(byte[] text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
