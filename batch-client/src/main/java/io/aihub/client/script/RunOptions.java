package io.aihub.client.script;

import io.aihub.client.wire.AllowedHosts;
import io.aihub.script.api.ScriptOptions;

/**
 * How a task wants its script run.
 *
 * @param hosts what the script may reach
 * @param javaWire whether its requests go over Java's connections, where the client has them
 */
public record RunOptions(AllowedHosts hosts, boolean javaWire) {

  /** What most tasks want. */
  public static final RunOptions USUAL = new RunOptions(AllowedHosts.ANY, true);

  /**
   * Options as a grant has them.
   *
   * @param options null for the usual way
   * @throws UnreadableOptionsException where this client doesn't know what they mean: what a newer
   *     server forbids must not be allowed by an older client
   */
  public static RunOptions of(ScriptOptions options) throws UnreadableOptionsException {
    if (options == null) {
      return USUAL;
    }
    try {
      return new RunOptions(
          AllowedHosts.of(options.allowedHosts()), !Boolean.FALSE.equals(options.javaWire()));
    } catch (IllegalArgumentException unknown) {
      throw new UnreadableOptionsException(
          "the task wants its script run in a way that this client doesn't know ("
              + unknown.getMessage()
              + "); it may be older than the server",
          unknown);
    }
  }
}
