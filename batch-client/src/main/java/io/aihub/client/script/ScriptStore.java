package io.aihub.client.script;

import io.aihub.client.lifecycle.Hashes;
import io.aihub.client.script.packages.MissingPackagesException;
import io.aihub.client.script.packages.PackageStore;
import io.aihub.client.server.RefusedException;
import io.aihub.client.server.ServerClient;
import io.aihub.client.server.ServerUnavailableException;
import io.aihub.requirement.api.RequirementsState;
import io.aihub.requirement.api.RequirementsView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Script versions by their hash: in memory, on disk, else from the server; with the packages that
 * they require. Thread-safe.
 */
public final class ScriptStore {

  private final ServerClient server;
  private final Path folder;
  private final PackageStore packages;
  private final Map<String, Script> inMemory = new ConcurrentHashMap<>();

  /**
   * Keeps scripts in a directory.
   *
   * @param folder made if it is missing; kept over restarts
   */
  public ScriptStore(ServerClient server, Path folder, PackageStore packages) throws IOException {
    this.server = server;
    this.packages = packages;
    this.folder = Files.createDirectories(folder);
  }

  /**
   * A script version, its text proved by its hash, its packages installed.
   *
   * @throws IOException where the disk fails
   * @throws ServerUnavailableException where the server is away, or sends another text
   * @throws MissingPackagesException where its packages can't be installed now
   */
  public Script get(String sha256)
      throws IOException, ServerUnavailableException, RefusedException, MissingPackagesException {
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new IOException("not a SHA-256: " + sha256);
    }
    Script known = inMemory.get(sha256);
    if (known != null) {
      return known;
    }
    Script script = open(sha256, folder.resolve(sha256 + ".py"));
    inMemory.put(sha256, script);
    return script;
  }

  private Script open(String sha256, Path file)
      throws IOException, ServerUnavailableException, RefusedException, MissingPackagesException {
    byte[] kept = Files.exists(file) ? Files.readAllBytes(file) : null;
    if (kept != null && Hashes.sha256(kept).equals(sha256)) {
      return new Script(sha256, text(kept));
    }
    byte[] source = server.script(sha256).getBytes(StandardCharsets.UTF_8);
    if (Hashes.sha256(source).equals(sha256)) {
      Path part = Files.createTempFile(folder, "part-", ".py");
      Files.write(part, source);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
      return new Script(sha256, text(source));
    }
    RequirementsView required = server.requirements(sha256).orElse(null);
    if (required == null || !Hashes.sha256(both(source, required.text())).equals(sha256)) {
      throw new ServerUnavailableException(
          "the server sent another text than script " + sha256, null);
    }
    if (required.state() != RequirementsState.READY) {
      throw new MissingPackagesException("the packages that the script requires are not pinned");
    }
    return new Script(sha256, text(source), packages.require(required.pins()));
  }

  private static byte[] both(byte[] source, String requirements) {
    return (text(source) + '\0' + requirements).getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] source) {
    return new String(source, StandardCharsets.UTF_8);
  }
}
