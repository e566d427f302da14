package io.aihub.client.wire;

import io.aihub.client.wire.NetworkRules.RefusedAddressException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Holds one script's context to its task's {@link AllowedHosts}, and lets it go by the addresses of
 * listed names that it has looked up, as everything does that connects by Python's sockets. Comes
 * on top of the {@link NetworkRules}: a listed name that stands for a private address leads
 * nowhere. Thread-safe, as a script may have threads.
 */
public final class HostGate {

  /** Names by {@code *.example.org} are as many as a script can make up. */
  private static final int MOST_NAMES = 1000;

  private final AllowedHosts hosts;

  /** What names stood for when they were looked up last; the oldest are forgotten. */
  private final Map<String, Set<InetAddress>> lookedUp =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Set<InetAddress>> eldest) {
          return size() > MOST_NAMES;
        }
      };

  /** A gate through which nothing has gone yet. */
  public HostGate(AllowedHosts hosts) {
    this.hosts = hosts;
  }

  /** Whether any host may be reached, so that nobody needs to ask. */
  public boolean isOpen() {
    return hosts.isAny();
  }

  /**
   * A script looks a name up: from now on what it stands for counts as listed.
   *
   * @throws RefusedAddressException where the name isn't listed
   */
  public void lookUp(String name) throws RefusedAddressException {
    if (isOpen() || AllowedHosts.isAddress(name)) {
      return;
    }
    requireListed(name);
    String plain = AllowedHosts.plain(name);
    Set<InetAddress> addresses;
    try {
      addresses = Set.copyOf(Arrays.asList(InetAddress.getAllByName(plain)));
    } catch (UnknownHostException none) {
      addresses = Set.of(); // Python's own look-up comes next, and says so
    }
    synchronized (lookedUp) {
      lookedUp.remove(plain); // to come last
      lookedUp.put(plain, addresses);
    }
  }

  /**
   * A script connects to a name, or to an address.
   *
   * @throws RefusedAddressException where it is neither listed nor what a listed name stood for
   */
  public void require(String host) throws RefusedAddressException {
    if (!isOpen() && !(AllowedHosts.isAddress(host) && isLookedUp(host))) {
      requireListed(host);
    }
  }

  private void requireListed(String host) throws RefusedAddressException {
    if (!hosts.contains(host)) {
      throw new RefusedAddressException("the task's list of hosts doesn't have " + host);
    }
  }

  private boolean isLookedUp(String numeric) {
    try {
      InetAddress address = InetAddress.getByName(numeric); // no look-up
      synchronized (lookedUp) {
        return lookedUp.values().stream().anyMatch(known -> known.contains(address));
      }
    } catch (UnknownHostException odd) {
      return false;
    }
  }
}
