package io.aihub.script.api;

import java.util.List;

/**
 * How a task wants its script run where that is not the usual way. It goes to the client with each
 * lease, so that what is usual is null and takes no room.
 *
 * @param allowedHosts the only hosts that the script may reach: names, {@code *.example.org} for
 *     all below one, addresses; in lower case and ASCII, each once and in order. Null for all that
 *     are public
 * @param javaWire false where requests go over Python's own sockets; null for what the client is
 *     set to
 */
public record ScriptOptions(List<String> allowedHosts, Boolean javaWire) {

  /** Null where a script runs in the usual way. */
  public static ScriptOptions of(List<String> allowedHosts, boolean javaWire) {
    boolean anyHost = allowedHosts == null || allowedHosts.isEmpty();
    return anyHost && javaWire
        ? null
        : new ScriptOptions(anyHost ? null : List.copyOf(allowedHosts), javaWire ? null : false);
  }
}
