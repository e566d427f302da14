package io.aihub.benchmark;

import io.aihub.benchmark.script.FileOrigin;
import io.aihub.testbed.DownloadClient;
import io.aihub.testbed.NginxRelay;
import io.aihub.testbed.S3Server;
import io.aihub.testbed.Submission;
import io.aihub.testbed.Testbed;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The whole system on this machine with each part in a process of its own, so that what a file
 * costs can be told by part: a client, server, PostgreSQL, relay, storage, and the website that the
 * files come from.
 */
final class Pipeline implements AutoCloseable {

  static final String TAG = "pipeline";

  private static final String PASSWORD = "benchmark";

  private final Testbed testbed;
  private final ScratchFolder files;
  private FileOrigin origin;
  private long storage;
  private long relay;
  private S3Server signer;
  private URI relayEndpoint;
  private NginxRelay nginx;
  private DownloadClient client;
  private Submission people;

  /** CPU taken so far, in milliseconds. */
  record Cpu(
      double client,
      double server,
      double database,
      double relay,
      double storage,
      double origin,
      double machine) {

    Cpu since(Cpu before) {
      return new Cpu(
          client - before.client,
          server - before.server,
          database - before.database,
          relay - before.relay,
          storage - before.storage,
          origin - before.origin,
          machine - before.machine);
    }

    /** What none of them had. */
    double others() {
      return Math.max(0, machine - client - server - database - relay - storage - origin);
    }
  }

  Pipeline() throws IOException {
    testbed =
        new Testbed(
            Testbed.buildFolder().resolve("benchmark-pipeline"), Testbed.Options.anyPorts());
    files = new ScratchFolder(testbed.folder());
  }

  /**
   * Starts everything.
   *
   * @param workers of the client
   */
  void start(int workers) throws IOException {
    System.out.println("Starting all parts (" + testbed.folder() + ")");
    origin =
        new FileOrigin(testbed.folder().resolve("origin"), 0, testbed.logs().resolve("origin.log"));
    testbed.storage().keepIn(folder("storage"));
    storage = testbed.startApart(testbed.storage()).pid();
    startRelay();
    testbed.postgres().start();
    testbed.useRelay(relayEndpoint, signer.accessKey(), signer.secretKey());
    testbed.server().with("aihub.queue.poll-seconds", 1).start();
    people = Submission.withPeople(testbed, PASSWORD);
    client = testbed.client("client", testbed.admin().createMachine("client", TAG).token());
    client
        .with("aihub.client.workers", workers)
        .with("aihub.client.work-dir", folder("client"))
        .start();
    System.out.println("Files come from " + origin.program() + " and go through " + relayName());
    System.out.println("into an S3Proxy. Storage and downloaders have their files on " + files);
  }

  private void startRelay() throws IOException {
    Optional<Path> program = NginxRelay.program();
    if (program.isPresent()) {
      nginx = testbed.nginx(program.get());
      nginx.start();
      relay = nginx.process().pid();
      relayEndpoint = nginx.endpoint();
      signer = testbed.storage();
    } else {
      signer = testbed.relay();
      relay = testbed.startApart(signer).pid();
      relayEndpoint = signer.endpoint();
    }
  }

  private String relayName() {
    return nginx == null
        ? "an S3Proxy as relay, as there is no nginx: it costs six times as much"
        : "an nginx as relay";
  }

  Cpu cpu() {
    return new Cpu(
        CpuMeter.of(client.process().pid()),
        CpuMeter.of(testbed.server().process().pid()),
        CpuMeter.ofTree(testbed.postgres().pid()),
        CpuMeter.of(relay),
        CpuMeter.of(storage),
        CpuMeter.of(origin.pid()),
        CpuMeter.ofMachine());
  }

  Testbed testbed() {
    return testbed;
  }

  Submission people() {
    return people;
  }

  DownloadClient client() {
    return client;
  }

  FileOrigin origin() {
    return origin;
  }

  /** Where the client sends files to. */
  URI relay() {
    return relayEndpoint;
  }

  /** What others need to sign for the relay, by the names that the AWS SDKs look for. */
  Map<String, String> relayKeys() {
    return Map.of(
        "AWS_ACCESS_KEY_ID", signer.accessKey(), "AWS_SECRET_ACCESS_KEY", signer.secretKey());
  }

  /** The folder that storage keeps the target bucket's objects in. */
  Path bucket() {
    return testbed.storage().folder(Testbed.BUCKET);
  }

  /** A folder for files that come and go. */
  Path folder(String name) {
    return files.resolve(name);
  }

  @Override
  public void close() throws IOException {
    testbed.close();
    if (nginx != null) {
      nginx.stop();
    }
    if (origin != null) {
      origin.close();
    }
    files.close();
  }
}
