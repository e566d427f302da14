package io.aihub.client.script;

/** A {@link TestWorker} for tests of hostile scripts. */
final class SharedWorker extends Shared<TestWorker> {

  SharedWorker() {
    super(TestWorker.class, TestWorker::new);
  }
}
