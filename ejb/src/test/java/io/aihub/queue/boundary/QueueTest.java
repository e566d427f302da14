package io.aihub.queue.boundary;

import io.aihub.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test on a queue of its own. */
abstract class QueueTest {

  private static final TestDatabase DATABASE = TestDatabase.create();

  QueueFixture queue;

  static TestDatabase database() {
    return DATABASE;
  }

  @BeforeEach
  void buildQueue() {
    queue = new QueueFixture(DATABASE);
  }

  @AfterEach
  void closeQueue() {
    queue.close();
  }
}
