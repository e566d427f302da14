package io.aihub.client.script.packages;

import io.aihub.client.lifecycle.Hashes;
import io.aihub.client.lifecycle.Trees;
import io.aihub.requirement.api.PackagePin;
import io.aihub.requirement.api.ResolutionProblem;
import io.aihub.requirement.api.ResolutionProblem.Kind;
import io.aihub.requirement.api.ResolutionReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * The packages that scripts require beside the client's own: each set of pins in a folder of its
 * own, which is named by them, installed once, and looked over once a process. Thread-safe; one set
 * is installed at a time.
 */
public final class PackageStore implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(PackageStore.class.getName());
  private static final String READY = ".ready";

  /** After an attempt that failed. */
  private static final Duration PAUSE = Duration.ofMinutes(1);

  /** What no script has used for so long is deleted when the client starts. */
  private static final Duration KEPT = Duration.ofDays(30);

  private final Path folder;
  private final Path library;
  private final Path byteCode;
  private final PackageSettings settings;
  private final Clock clock;
  private final PipProcess pip;
  private final Map<String, Path> ready = new ConcurrentHashMap<>();
  private final Map<String, Failure> failures = new HashMap<>();
  private volatile boolean closed;

  private record Failure(String message, Instant at) {}

  /**
   * Opens a folder, and deletes what it has no use for.
   *
   * @param folder made if it is missing; kept over restarts
   * @param library the client's own packages, which nothing can replace
   * @param byteCode where byte code is kept
   */
  public PackageStore(
      Path folder, Path library, Path byteCode, PackageSettings settings, Clock clock)
      throws IOException {
    this.folder = Files.createDirectories(folder).toRealPath();
    this.library = library;
    this.byteCode = byteCode;
    this.settings = settings;
    this.clock = clock;
    this.pip = new PipProcess(this.folder.resolve("work"), byteCode, settings);
    clear(clock.instant().minus(KEPT));
  }

  /**
   * The folder with the packages of these pins, installed there if they aren't yet, which takes
   * from seconds to minutes.
   *
   * @return null where there are no pins
   * @throws MissingPackagesException they can't be installed; for a minute, nobody tries again
   * @throws IOException the disk fails
   */
  public Path require(List<PackagePin> pins) throws MissingPackagesException, IOException {
    if (pins.isEmpty()) {
      return null;
    }
    String name = name(pins);
    Path known = ready.get(name);
    return known == null ? open(name, pins) : known;
  }

  private synchronized Path open(String name, List<PackagePin> pins)
      throws MissingPackagesException, IOException {
    Path packages = folder.resolve(name);
    if (ready.containsKey(name)) {
      return packages;
    }
    if (!isSound(packages)) {
      Failure before = failures.get(name);
      if (before != null && clock.instant().isBefore(before.at().plus(PAUSE))) {
        throw new MissingPackagesException(before.message());
      }
      delete(packages);
      try {
        install(pins);
        failures.remove(name);
      } catch (MissingPackagesException missing) {
        failures.put(name, new Failure(missing.getMessage(), clock.instant()));
        throw missing;
      }
    }
    Files.setLastModifiedTime(stamp(packages), FileTime.from(clock.instant()));
    ready.put(name, packages);
    return packages;
  }

  private void install(List<PackagePin> pins) throws MissingPackagesException, IOException {
    ResolutionReport report = run(Map.of("pins", pins));
    if (report == null) {
      throw new MissingPackagesException("the client is to stop");
    }
    ResolutionProblem problem = report.problem();
    if (problem != null) {
      throw new MissingPackagesException(
          "packages that the script requires can't be installed: "
              + problem.kind()
              + (problem.subject() == null ? "" : " " + problem.subject())
              + ": "
              + problem.detail());
    }
    LOG.log(Level.INFO, "Installed for scripts: {0}", lock(pins, ", "));
  }

  /**
   * Finds out what requirements come to, and installs that.
   *
   * @param requirements the lines of {@code requirements.txt}
   * @return null where the client is to stop
   * @throws IOException the disk fails, or pip can't be started
   */
  public synchronized ResolutionReport resolve(String requirements) throws IOException {
    return run(Map.of("requirements", requirements));
  }

  private ResolutionReport run(Map<String, ?> request) throws IOException {
    if (closed) {
      return null;
    }
    if (isFull()) {
      return problem(Kind.NO_ROOM, "less than " + mebibytes() + " MiB are free");
    }
    Map<String, Object> all = new HashMap<>(request);
    all.put("packages", folder.toString());
    all.put("library", library.toString());
    all.put("index", settings.index());
    all.put("proxy", settings.proxy());
    ResolutionReport report = pip.run(all);
    if (report == null || report.problem() != null || report.pins().isEmpty()) {
      return report;
    }
    Path packages = folder.resolve(name(report.pins()));
    if (Trees.size(packages) > settings.diskBytes()) {
      delete(packages);
      return problem(Kind.LARGE, "more than " + mebibytes() + " MiB");
    }
    if (!Files.exists(stamp(packages))) {
      seal(packages);
    }
    return report;
  }

  private boolean isFull() throws IOException {
    return Files.getFileStore(folder).getUsableSpace() < settings.diskBytes();
  }

  private long mebibytes() {
    return settings.diskBytes() >> 20;
  }

  private static ResolutionReport problem(Kind kind, String detail) {
    return new ResolutionReport(null, new ResolutionProblem(kind, null, null, detail));
  }

  /** From now on it is whole; its digest says so. */
  private void seal(Path packages) throws IOException {
    Path part = folder.resolve(packages.getFileName() + ".part");
    Files.writeString(part, Hashes.sha256(packages));
    Files.move(part, stamp(packages), StandardCopyOption.ATOMIC_MOVE);
  }

  private boolean isSound(Path packages) throws IOException {
    Path stamp = stamp(packages);
    if (!Files.exists(stamp) || !Files.isDirectory(packages)) {
      return false;
    }
    if (Files.readString(stamp).equals(Hashes.sha256(packages))) {
      return true;
    }
    LOG.log(Level.WARNING, "The packages in {0} are damaged and are installed anew", packages);
    return false;
  }

  private Path stamp(Path packages) {
    return folder.resolve(packages.getFileName() + READY);
  }

  private void delete(Path packages) throws IOException {
    Files.deleteIfExists(stamp(packages));
    Trees.delete(packages);
    Trees.delete(byteCode.resolve(packages.getRoot().relativize(packages)));
  }

  private void clear(Instant unusedSince) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path path : all) {
        Path stamp = stamp(path);
        if (path.toString().endsWith(READY)) {
          continue;
        }
        if (!Files.exists(stamp)
            || Files.getLastModifiedTime(stamp).toInstant().isBefore(unusedSince)) {
          delete(path);
        }
      }
    } catch (UncheckedIOException inUse) {
      LOG.log(Level.WARNING, "Old packages can't be deleted", inUse);
    }
  }

  /** Stops what runs; nothing is installed any more. */
  @Override
  public void close() {
    closed = true;
    pip.close();
  }

  /** As {@code pip.py} names the folder. */
  private static String name(List<PackagePin> pins) {
    return Hashes.sha256((lock(pins, "\n") + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static String lock(List<PackagePin> pins, String between) {
    return pins.stream()
        .sorted(Comparator.comparing(PackagePin::name))
        .map(PackagePin::lockLine)
        .collect(Collectors.joining(between));
  }
}
