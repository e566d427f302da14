package io.aihub.client.script;

import io.aihub.queue.api.FailureClass;
import java.time.Duration;

/**
 * Why a running call is stopped.
 *
 * @param failureClass null where the client itself wanted it to end
 */
record Breach(FailureClass failureClass, String message) {

  static final Breach ASKED = new Breach(null, "the client stops");

  static Breach wall(Duration limit) {
    return new Breach(
        FailureClass.TIMEOUT,
        "download took longer than " + limit.toSeconds() + " s and was stopped");
  }

  static Breach cpu(Duration limit) {
    return new Breach(
        FailureClass.TIMEOUT,
        "download used more than " + limit.toSeconds() + " s of CPU time and was stopped");
  }

  static Breach threads(int limit) {
    return new Breach(
        FailureClass.SCRIPT, "download had more than " + limit + " threads and was stopped");
  }

  static Breach disk(long limitBytes) {
    return new Breach(
        FailureClass.OUTPUT,
        "download wrote more than " + (limitBytes >> 20) + " MiB and was stopped");
  }

  static Breach files(int limit) {
    return new Breach(
        FailureClass.OUTPUT,
        "download made more than " + limit + " files and folders and was stopped");
  }

  static Breach open(int limit) {
    return new Breach(
        FailureClass.SCRIPT,
        "download had more than " + limit + " files, pipes and sockets open and was stopped");
  }

  static Breach memory() {
    return new Breach(
        FailureClass.SCRIPT,
        "download took more memory than the client has to give and was stopped");
  }
}
