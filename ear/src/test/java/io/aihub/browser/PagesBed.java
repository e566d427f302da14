package io.aihub.browser;

import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.aihub.testbed.Api;
import io.aihub.testbed.DownloadClient;
import io.aihub.testbed.Testbed;
import java.io.IOException;
import org.junit.jupiter.api.Assumptions;
import software.amazon.awssdk.core.sync.RequestBody;

/** A running system with two people, 张伟 and 李晓, and a machine; and browsers for the people. */
final class PagesBed implements AutoCloseable {

  static final String SUBMITTER = "zhangwei";
  static final String RECEIVER = "lixiao";
  static final String TAG = "香港轻量";
  static final double START_OF_A_CLIENT_MS = 600_000;

  private static final String PASSWORD = "zhangwei-2026";
  private static final double PATIENCE_MS = 20_000;

  private final Chromium chromium;
  private final Testbed testbed;
  private final DownloadClient client;

  /**
   * Starts all but the client; aborts the test where this machine has no browser.
   *
   * @param folder below the build folder
   */
  PagesBed(String folder) throws IOException {
    chromium = Chromium.start().orElse(null);
    if (chromium == null) {
      Assumptions.abort(Chromium.HOW_TO_GET_ONE); // BrowserIT fails where there has to be one
    }
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
    testbed = new Testbed(Testbed.buildFolder().resolve(folder), Testbed.Options.anyPorts());
    testbed.server().with("aihub.queue.poll-seconds", 1);
    testbed.start();
    Api admin = testbed.admin();
    admin.createUser(SUBMITTER, "张伟", PASSWORD, false);
    admin.createUser(RECEIVER, "李晓", PASSWORD, false);
    client =
        testbed
            .client("hk-01", admin.createMachine("hk-01", TAG).token())
            .with("aihub.client.workers", 2);
  }

  Testbed testbed() {
    return testbed;
  }

  /** The client of the machine, to be started. */
  DownloadClient client() {
    return client;
  }

  /**
   * Puts an index where tasks can read it.
   *
   * @return its address
   */
  String putIndex(String key, String text) {
    testbed
        .storage()
        .client()
        .putObject(put -> put.bucket(Testbed.INDEX_BUCKET).key(key), RequestBody.fromString(text));
    return "s3://" + Testbed.INDEX_BUCKET + "/" + key;
  }

  /** Somebody who has signed in. */
  Reader reader(String username) {
    return new Reader(chromium.browser(), testbed.server().url()).signIn(username, PASSWORD);
  }

  @Override
  public void close() throws IOException {
    testbed.close();
    chromium.close();
  }
}
