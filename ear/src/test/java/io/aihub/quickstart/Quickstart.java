package io.aihub.quickstart;

import io.aihub.queue.api.FailureView;
import io.aihub.task.api.TaskState;
import io.aihub.task.api.TaskView;
import io.aihub.testbed.Api;
import io.aihub.testbed.DemoIndex;
import io.aihub.testbed.DownloadClient;
import io.aihub.testbed.Origin;
import io.aihub.testbed.StoredObjects;
import io.aihub.testbed.Submission;
import io.aihub.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * The whole system on this machine, and a task through it: the command {@code mvn -Pquickstart}.
 * Each run begins with empty data; what it leaves stays until the next.
 */
public final class Quickstart {

  static final String RECEIVER = "lixiao";
  static final String SUBMITTER = "wangfang";
  static final String PASSWORD = "quickstart";

  private static final String TAG = "quickstart";
  private static final String TARGET = "demo";
  private static final int FILES = 1500;
  private static final int CLIENTS = 2;
  private static final Duration POLL = Duration.ofMillis(500);

  /** Read by every JDK's launcher. */
  private static final String JVM_OPTIONS = "JDK_JAVA_OPTIONS";

  /**
   * Processes that live for two minutes spend half of their CPU on the optimizing compiler and end
   * before it pays; see ADR 11 for figures.
   */
  private static final String SHORT_LIFE = "-XX:TieredStopAtLevel=1";

  private final Settings settings;
  private final long begin = System.nanoTime();
  private final Map<String, Long> peaks = new HashMap<>();

  private Quickstart(Settings settings) {
    this.settings = settings;
  }

  /** Exit status 0: the task completed and nothing was wrong; 1: not so; 2: it couldn't start. */
  public static void main(String[] arguments) {
    int status;
    try {
      status = new Quickstart(Settings.read()).run();
    } catch (Settings.Mistake mistake) {
      System.err.println("Quickstart: " + mistake.getMessage());
      status = 2;
    } catch (InterruptedException interrupted) {
      status = 1;
    } catch (IOException | RuntimeException failure) {
      System.err.println("Quickstart: " + failure.getMessage());
      failure.printStackTrace();
      status = 2;
    }
    System.exit(status);
  }

  private int run() throws IOException, InterruptedException {
    Path folder = Testbed.buildFolder().resolve("quickstart");
    Testbed.Options options = new Testbed.Options(settings.port(), settings.adminPort(), PASSWORD);
    try (Testbed testbed = new Testbed(folder, options);
        Origin origin = new Origin(folder.resolve("origin"), FILES, true)) {
      testbed
          .server()
          .with("aihub.queue.retry-base-seconds", 1)
          .with("aihub.queue.poll-seconds", 1)
          .with(JVM_OPTIONS, SHORT_LIFE);
      say("Starting PostgreSQL, storage, relay and Payara Server (work folder " + folder + ")");
      testbed.start();
      say("The server is ready: " + testbed.server().url() + "/");
      Submission people = Submission.withPeople(testbed, PASSWORD);
      startClients(testbed);
      DemoIndex demo = settings.index() == null ? DemoIndex.of(origin) : null;
      TaskView task = submit(people, demo);
      boolean right = follow(people, task, demo);
      if (!settings.exit()) {
        System.out.println("Everything keeps running until Ctrl-C.");
        new CountDownLatch(1).await();
      }
      return right ? 0 : 1;
    }
  }

  private void startClients(Testbed testbed) throws IOException {
    for (int i = 1; i <= CLIENTS; i++) {
      String name = "client-" + i;
      DownloadClient client =
          testbed.client(name, testbed.admin().createMachine(name, TAG).token());
      client.with("aihub.client.workers", settings.workers()).with(JVM_OPTIONS, SHORT_LIFE).start();
    }
    say(CLIENTS + " clients with " + settings.workers() + " workers each are starting");
  }

  private TaskView submit(Submission people, DemoIndex demo) throws IOException {
    TaskView task =
        people.submit(
            "快速入门_quickstart",
            TAG,
            TARGET,
            demo == null
                ? RequestBody.fromFile(settings.index())
                : RequestBody.fromString(demo.text()),
            demo == null ? settings.script() : Submission.seedScript(people.testbed()));
    say("Task " + task.id() + " is submitted by " + SUBMITTER + " and approved by " + RECEIVER);
    return task;
  }

  private boolean follow(Submission people, TaskView task, DemoIndex demo)
      throws IOException, InterruptedException {
    Testbed testbed = people.testbed();
    Api submitter = people.submitter();
    Api.TaskDetail detail = awaitEnd(testbed, submitter, task.id());
    say("The task is " + detail.task().state() + "; now every object in storage is checked");
    Path bucket = testbed.storage().folder(Testbed.BUCKET);
    Path stored = bucket.resolve(TARGET);
    StoredObjects objects = new StoredObjects(bucket, TARGET);
    List<String> differences =
        demo == null ? objects.differencesFromManifest() : objects.differencesFrom(demo.expected());
    List<FailureView> failures = submitter.failures(task.id(), 0, 50).items();

    Report report = new Report(System.out, testbed);
    report.outcome(detail, failures, differences);
    report.clients(peaks);
    report.whereToGoOn(task.id(), stored);
    report.ledgerLine(detail.ledger(), differences.size(), stored);
    boolean expectedLedger =
        demo == null
            || (detail.ledger().lines() == demo.lines()
                && detail.ledger().succeeded() == demo.expected().size()
                && detail.ledger().failed() == demo.failing()
                && detail.ledger().skipped() == demo.blank());
    return detail.task().state() == TaskState.COMPLETED
        && detail.ledger().balances()
        && differences.isEmpty()
        && expectedLedger;
  }

  private Api.TaskDetail awaitEnd(Testbed testbed, Api api, long taskId)
      throws IOException, InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    try (ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName("Downloading")
            .setStyle(ProgressBarStyle.ASCII)
            .setInitialMax(FILES)
            .setUpdateIntervalMillis((int) POLL.toMillis())
            .setUnit(" lines", 1)
            .showSpeed()
            .setMaxRenderedLength(110)
            .build()) {
      while (true) {
        Api.TaskDetail detail = api.task(taskId);
        bar.maxHint(detail.ledger().lines());
        bar.stepTo(detail.ledger().settled());
        bar.setExtraMessage(
            " %d MB, %d failed, %d waiting"
                .formatted(
                    detail.ledger().bytes() / 1_000_000,
                    detail.ledger().failed(),
                    detail.ledger().waiting()));
        for (DownloadClient client : testbed.clients()) {
          peaks.merge(client.name(), client.residentBytes(), Math::max);
        }
        TaskState state = detail.task().state();
        if (state != TaskState.IN_PROGRESS && state != TaskState.PAUSED) {
          return detail;
        }
        requireClients(testbed, detail.ledger().settled());
        never.await(POLL.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
  }

  private static void requireClients(Testbed testbed, long settled) throws IOException {
    for (DownloadClient client : testbed.clients()) {
      if (!client.isAlive() || (settled == 0 && client.isBroken())) {
        throw new IllegalStateException(client.name() + " doesn't run; see " + client.log());
      }
    }
  }

  private void say(String what) {
    System.out.printf("[%3d s] %s%n", (System.nanoTime() - begin) / 1_000_000_000, what);
  }
}
