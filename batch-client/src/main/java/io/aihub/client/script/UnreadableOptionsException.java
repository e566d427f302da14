package io.aihub.client.script;

/** A task's script can't be run as the task wants it, as this client can't read how. */
public final class UnreadableOptionsException extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableOptionsException(String message, Throwable cause) {
    super(message, cause);
  }
}
