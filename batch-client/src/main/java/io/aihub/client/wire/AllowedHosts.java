package io.aihub.client.wire;

import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hc.core5.net.InetAddressUtils;

/**
 * The hosts that a task lets its script reach, by what they are called.
 *
 * @param listed as {@link #of} has them; null for any host
 */
public record AllowedHosts(Set<String> listed) {

  /** No list: whatever the {@link NetworkRules} allow. */
  public static final AllowedHosts ANY = new AllowedHosts(null);

  private static final String BELOW = "*";
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
  private static final Pattern NAME =
      Pattern.compile("(?:\\*\\.)?(?:[a-z0-9_-]{1,63}\\.)*[a-z0-9-]{1,63}");

  /**
   * A list.
   *
   * @param hosts names, {@code *.example.org} for all below one, addresses; null for any host
   * @throws IllegalArgumentException where one is none of these
   */
  public static AllowedHosts of(List<String> hosts) {
    if (hosts == null) {
      return ANY;
    }
    Set<String> listed = new HashSet<>();
    for (String host : hosts) {
      if (host == null || !(NAME.matcher(host).matches() || isAddress(host))) {
        throw new IllegalArgumentException("no host: " + host);
      }
      listed.add(plain(host));
    }
    return new AllowedHosts(Set.copyOf(listed));
  }

  /** Whether any host may be reached. */
  public boolean isAny() {
    return listed == null;
  }

  /** Whether a host is on the list, by the name or address that a script has for it. */
  public boolean contains(String host) {
    if (isAny()) {
      return true;
    }
    String name = plain(host);
    if (listed.contains(name)) {
      return !name.startsWith(BELOW);
    }
    if (isAddress(name)) {
      return false;
    }
    for (int dot = name.indexOf('.', 1); dot > 0; dot = name.indexOf('.', dot + 1)) {
      if (listed.contains(BELOW + name.substring(dot))) {
        return true;
      }
    }
    return false;
  }

  /** Whether this is an address, not a name. */
  static boolean isAddress(String host) {
    return InetAddressUtils.isIPv4(host) || IPV6.matcher(host).matches();
  }

  /** One way to write it: ASCII, lower case, no dot at the end, an address as Java has it. */
  static String plain(String host) {
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    try {
      return isAddress(name)
          ? InetAddress.getByName(name).getHostAddress() // no look-up
          : IDN.toASCII(name).toLowerCase(Locale.ROOT);
    } catch (UnknownHostException | IllegalArgumentException odd) {
      return name; // no host's name
    }
  }
}
