package io.aihub.queue.boundary;

import io.aihub.queue.control.QueueSettings;
import io.aihub.testing.TestDatabase;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test on a queue of its own. */
abstract class QueueTest {

  private static final TestDatabase DATABASE = TestDatabase.create();

  QueueFixture queue;

  static TestDatabase database() {
    return DATABASE;
  }

  /** How the server is configured. */
  QueueSettings settings() {
    return QueueSettings.DEFAULTS;
  }

  @BeforeEach
  void buildQueue() {
    queue = new QueueFixture(DATABASE, Function.identity(), settings());
  }

  @AfterEach
  void closeQueue() {
    queue.close();
  }
}
