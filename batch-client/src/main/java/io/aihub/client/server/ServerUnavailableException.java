package io.aihub.client.server;

/**
 * The server can't be reached or says that it can't answer now; the same call may succeed later.
 */
public class ServerUnavailableException extends Exception {

  private static final long serialVersionUID = 1L;

  public ServerUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
