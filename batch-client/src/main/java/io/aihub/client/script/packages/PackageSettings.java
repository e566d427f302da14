package io.aihub.client.script.packages;

import java.time.Duration;

/**
 * How this machine gets at packages.
 *
 * @param index address of the package index; null: pip's own default
 * @param proxy what pip goes through, or null; what else pip is to be told stands in its own
 *     configuration, {@code /etc/pip.conf}
 * @param timeLimit how long resolving or installing one set of requirements may take
 * @param diskBytes how much room it may take, and has to be there
 */
public record PackageSettings(String index, String proxy, Duration timeLimit, long diskBytes) {

  /** pip's own index, a quarter of an hour, 512 MiB. */
  public static final PackageSettings DEFAULT =
      new PackageSettings(null, null, Duration.ofMinutes(15), 512L << 20);
}
