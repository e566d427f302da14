package io.aihub.client.batch;

import io.aihub.client.script.ScriptLimits;
import io.aihub.client.script.packages.PackageSettings;
import io.aihub.client.wire.NetworkRules;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What a script may use on this machine; see the reference of configuration keys. */
@ApplicationScoped
public class ScriptConfig {

  @Inject
  @ConfigProperty(name = "aihub.client.script-cpu-seconds", defaultValue = "300")
  private long cpuSeconds;

  @Inject
  @ConfigProperty(name = "aihub.client.script-disk-mib", defaultValue = "20480")
  private long diskMib;

  @Inject
  @ConfigProperty(name = "aihub.client.script-files", defaultValue = "10000")
  private int files;

  @Inject
  @ConfigProperty(name = "aihub.client.script-open-files", defaultValue = "512")
  private int openFiles;

  @Inject
  @ConfigProperty(name = "aihub.client.script-threads", defaultValue = "64")
  private int threads;

  @Inject
  @ConfigProperty(name = "aihub.client.script-lines-per-context", defaultValue = "100000")
  private int linesPerContext;

  @Inject
  @ConfigProperty(name = "aihub.client.script-stuck-seconds", defaultValue = "60")
  private long stuckSeconds;

  @Inject
  @ConfigProperty(name = "aihub.client.script-open-networks")
  private Optional<String[]> openNetworks;

  @Inject
  @ConfigProperty(name = "aihub.client.script-refused-hosts")
  private Optional<String[]> refusedHosts;

  @Inject
  @ConfigProperty(name = "aihub.client.package-index")
  private Optional<String> packageIndex;

  @Inject
  @ConfigProperty(name = "aihub.client.package-proxy")
  private Optional<String> packageProxy;

  @Inject
  @ConfigProperty(name = "aihub.client.package-seconds", defaultValue = "900")
  private long packageSeconds;

  @Inject
  @ConfigProperty(name = "aihub.client.package-mib", defaultValue = "512")
  private long packageMib;

  /** Where packages come from that scripts require, and what that may take. */
  PackageSettings packages() {
    return new PackageSettings(
        packageIndex.orElse(null),
        packageProxy.orElse(null),
        Duration.ofSeconds(atLeast("package-seconds", packageSeconds, 1)),
        atLeast("package-mib", packageMib, 1) << 20);
  }

  /**
   * Where scripts may connect to.
   *
   * @param server the client's own server, which they may not
   */
  NetworkRules networkRules(URI server) {
    NetworkRules rules = NetworkRules.guarding(listed(openNetworks));
    rules.keepAway(server);
    listed(refusedHosts).forEach(host -> rules.keepAway(host, 0));
    return rules;
  }

  /** The limits of one call of {@code download}. */
  ScriptLimits limits() {
    return new ScriptLimits(
        Duration.ofSeconds(atLeast("script-cpu-seconds", cpuSeconds, 1)),
        atLeast("script-disk-mib", diskMib, 1) << 20,
        (int) atLeast("script-files", files, 1),
        (int) atLeast("script-open-files", openFiles, 1),
        (int) atLeast("script-threads", threads, 0),
        (int) atLeast("script-lines-per-context", linesPerContext, 1));
  }

  /** How long a stopped script may hold a thread that can't be stopped. */
  Duration stuckPatience() {
    return Duration.ofSeconds(atLeast("script-stuck-seconds", stuckSeconds, 1));
  }

  private static long atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalStateException(
          "aihub.client." + name + " is " + value + "; it must be " + least + " or more");
    }
    return value;
  }

  /** Payara can't inject an {@code Optional<List<String>>}. */
  private static List<String> listed(Optional<String[]> names) {
    return names.map(List::of).orElse(List.of());
  }
}
