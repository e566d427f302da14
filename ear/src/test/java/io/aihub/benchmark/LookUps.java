package io.aihub.benchmark;

import io.aihub.benchmark.load.Fleet;
import io.aihub.benchmark.load.Fleet.Load;
import io.aihub.benchmark.load.Run;
import io.aihub.benchmark.storage.SyntheticStorage;
import io.aihub.task.api.TaskView;
import io.aihub.testbed.S3Server;
import io.aihub.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Leasing and settling as in earnest: each success is looked up in storage, an S3Proxy on a folder.
 * The fleet reports the same thousand files over and over.
 */
final class LookUps {

  private static final String TAG = "lookup";
  private static final int OBJECTS = 1_000;
  private static final int OBJECT_BYTES = 20_000; // what the fleet reports
  private static final int CAPACITY = 10;
  private static final long LINES = 1_000_000;

  private LookUps() {}

  /** Starts the server again with another storage and measures lines a second. */
  static double linesPerSecond(Scene scene, int workers, int rounds, long seconds)
      throws IOException {
    S3Server storage = scene.testbed().storage();
    Files.createDirectories(storage.folder(Testbed.BUCKET));
    Files.createDirectories(storage.folder(Testbed.INDEX_BUCKET));
    storage.start();
    scene.testbed().server().stop();
    scene
        .testbed()
        .server()
        .with("aihub.storage.endpoint", storage.endpoint())
        .with("aihub.queue.verify-uploads", true)
        .start();
    Fleet fleet = scene.fleet();
    scene.addWorkers(fleet, TAG, workers);
    TaskView task = scene.submit(TAG, SyntheticStorage.index(Testbed.INDEX_BUCKET, LINES));
    String checksum = fill(storage, task.targetPath());
    scene.approve(task);
    scene.awaitRead(task.id(), Duration.ofMinutes(5));
    Load load = Load.of(seconds, CAPACITY).reporting(OBJECTS, checksum);
    WarmUp.require(fleet.run(load));
    WarmUp.require(fleet.run(load));
    List<Double> speeds = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      Run run = WarmUp.require(fleet.run(load));
      speeds.add(run.linesPerSecond());
      System.out.printf(
          Locale.ROOT,
          "  ours, %d a lease, each success looked up in S3Proxy: %,.0f lines/s, p99 %.1f ms%n",
          CAPACITY,
          run.linesPerSecond(),
          run.p99Millis());
    }
    return Median.of(speeds);
  }

  private static String fill(S3Server storage, String target) {
    byte[] content = new byte[OBJECT_BYTES];
    String checksum = HexFormat.of().formatHex(sha256(content));
    try (S3Client client = storage.client()) {
      client.putObject(
          put -> put.bucket(Testbed.INDEX_BUCKET).key(LINES + ".txt"),
          RequestBody.fromInputStream(
              SyntheticStorage.lines(LINES), LINES * SyntheticStorage.LINE_BYTES));
      for (int object = 0; object < OBJECTS; object++) {
        String key = target + "/f/" + object;
        client.putObject(
            put -> put.bucket(Testbed.BUCKET).key(key).metadata(Map.of("aihub-sha256", checksum)),
            RequestBody.fromBytes(content));
      }
    }
    return checksum;
  }

  private static byte[] sha256(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (NoSuchAlgorithmException never) {
      throw new IllegalStateException(never);
    }
  }
}
