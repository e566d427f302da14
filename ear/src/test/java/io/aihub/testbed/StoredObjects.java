package io.aihub.testbed;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a task has brought into storage, looked at in the storage's own folder. */
public final class StoredObjects {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String MANIFEST = "_manifest/";

  private final Path bucket;
  private final Path folder;

  /**
   * @param bucket the folder of the bucket
   * @param target the task's target path in it
   */
  public StoredObjects(Path bucket, String target) {
    this.bucket = bucket;
    this.folder = bucket.resolve(target);
  }

  /** Compares with the origin; a sentence for each object that is missing, different or extra. */
  public List<String> differencesFrom(Map<String, OriginFile> expected) throws IOException {
    Map<String, Path> found = found();
    List<String> differences = Collections.synchronizedList(new ArrayList<>());
    expected.entrySet().parallelStream()
        .forEach(
            entry -> {
              Path object = found.get(entry.getKey());
              if (object == null) {
                differences.add("Missing: " + entry.getKey());
              } else if (!hash(object).equals(entry.getValue().sha256())) {
                differences.add("Different: " + entry.getKey());
              }
            });
    found.keySet().stream()
        .filter(key -> !expected.containsKey(key))
        .forEach(key -> differences.add("Not asked for: " + key));
    return List.copyOf(differences);
  }

  /** Compares with the task's own manifest, for input whose origin is somewhere else. */
  public List<String> differencesFromManifest() throws IOException {
    List<String> differences = new ArrayList<>();
    for (JsonNode line : manifest()) {
      if (line.path("outcome").asString("").equals("succeeded")) {
        String key = line.path("key").asString("");
        Path object = bucket.resolve(key);
        if (!Files.isRegularFile(object)) {
          differences.add("Missing: " + key);
        } else if (Files.size(object) != line.path("size").asLong()
            || !hash(object).equals(line.path("sha256").asString(""))) {
          differences.add("Different: " + key);
        }
      }
    }
    return differences;
  }

  /** The manifest's records in the order of its parts. */
  public List<JsonNode> manifest() throws IOException {
    Path parts = folder.resolve(MANIFEST);
    if (!Files.isDirectory(parts)) {
      return List.of();
    }
    List<JsonNode> records = new ArrayList<>();
    try (Stream<Path> files = Files.list(parts)) {
      for (Path part : files.filter(file -> file.toString().endsWith(".gz")).sorted().toList()) {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(part))) {
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .map(JSON::readTree)
              .forEach(records::add);
        }
      }
    }
    return records;
  }

  private Map<String, Path> found() throws IOException {
    Map<String, Path> found = new TreeMap<>();
    if (!Files.isDirectory(folder)) {
      return found;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .filter(Files::isRegularFile)
          .forEach(file -> found.put(folder.relativize(file).toString(), file));
    }
    found.keySet().removeIf(key -> key.startsWith(MANIFEST));
    return found;
  }

  private static String hash(Path file) {
    try {
      return OriginFile.sha256Of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
