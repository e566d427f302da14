package io.aihub.client.wire;

/** What a request failed of, as far as a script and the failure log tell it apart. */
public enum Trouble {
  /** The host's name has no address. */
  DNS,
  /** No connection: refused, no route. */
  CONNECT,
  CONNECT_TIMEOUT,
  /** No agreement on encryption, or a certificate that isn't trusted. */
  TLS,
  READ_TIMEOUT,
  /** The origin broke the connection. */
  RESET,
  /** The origin closed the connection before it answered. */
  NO_RESPONSE,
  /** The origin closed the connection before the end of what it had announced. */
  INCOMPLETE,
  /** What came is no HTTP. */
  PROTOCOL,
  /** The body is more than there is memory for. */
  TOO_LARGE,
  /** The script was stopped, or the answer closed, meanwhile. */
  ABORTED,
  /** Not for this wire: Python's own sockets can do it. */
  ELSEWHERE
}
