package io.aihub.fleet.api;

/**
 * A machine's new token. It is shown this once: the server keeps only its hash.
 *
 * @param token what the machine sends as {@code Authorization: Bearer}
 */
public record MachineToken(String name, String tag, String token) {

  /** Without the token, so that it cannot end in a log. */
  @Override
  public String toString() {
    return "MachineToken[name=" + name + ", tag=" + tag + "]";
  }
}
