package io.aihub.client.wire;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Where scripts may connect to: the internet, but neither this host and networks that are nobody's
 * business outside, nor the client's own server and relay. An address is judged, never a name (that
 * is {@link HostGate}'s), and the address that was judged is the one that is connected to.
 * Thread-safe.
 */
public final class NetworkRules implements DnsResolver {

  /** RFC 6890 and its successors: this host, private, link-local, shared, test, multicast. */
  private static final List<Network> NOT_PUBLIC =
      networks(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "224.0.0.0/3",
          "::/96",
          "64:ff9b:1::/48",
          "2001::/32",
          "2002::/16",
          "fc00::/7",
          "fe80::/9",
          "ff00::/8");

  /** NAT64 (RFC 6052): the last four bytes are the IPv4 address that is meant. */
  private static final Network NAT64 = Network.parse("64:ff9b::/96");

  private final List<Network> open;
  private final Map<String, InetAddress[]> keptAway = new ConcurrentHashMap<>();

  private NetworkRules(List<Network> open) {
    this.open = open;
  }

  /**
   * The usual rules.
   *
   * @param open networks that scripts may reach although they aren't public, {@code 10.1.0.0/16}
   *     for example
   * @throws IllegalArgumentException where one isn't written so
   */
  public static NetworkRules guarding(List<String> open) {
    return new NetworkRules(networks(open.toArray(new String[0])));
  }

  /** Everything may be reached: for tests. */
  public static NetworkRules none() {
    return guarding(List.of("0.0.0.0/0", "::/0"));
  }

  /** Keeps scripts away from the host of an address, and in open networks from its port. */
  public void keepAway(URI address) {
    int port = address.getPort();
    if (port < 0) {
      port = "https".equals(address.getScheme()) ? 443 : 80;
    }
    keepAway(address.getHost(), port);
  }

  /**
   * Keeps scripts away from a host.
   *
   * @param port what is refused even where the host's network is open; 0 for none
   */
  public void keepAway(String host, int port) {
    if (host != null) {
      String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      keptAway.computeIfAbsent(name + " " + port, key -> new InetAddress[0]);
    }
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    return allowed(host, 0);
  }

  @Override
  public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
    return Arrays.stream(allowed(host, port))
        .map(address -> new InetSocketAddress(address, port))
        .toList();
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }

  /**
   * The addresses of a host that may be connected to, at least one.
   *
   * @throws RefusedAddressException where it has others only
   */
  public InetAddress[] allowed(String host, int port) throws UnknownHostException {
    List<InetAddress> allowed = new ArrayList<>();
    String refusal = null;
    for (InetAddress address : InetAddress.getAllByName(host)) {
      String why = refusal(address, port);
      if (why == null) {
        allowed.add(address);
      } else {
        refusal = why;
      }
    }
    if (allowed.isEmpty()) {
      throw new RefusedAddressException(refusal);
    }
    return allowed.toArray(new InetAddress[0]);
  }

  /** Why a script may not connect there; null where it may. */
  private String refusal(InetAddress address, int port) throws UnknownHostException {
    InetAddress meant = meant(address);
    boolean opened = open.stream().anyMatch(network -> network.contains(meant));
    for (String key : keptAway.keySet()) {
      int space = key.indexOf(' ');
      boolean samePort = port == Integer.parseInt(key.substring(space + 1));
      if ((samePort || !opened)
          && Arrays.asList(addresses(key, key.substring(0, space))).contains(meant)) {
        return shown(address) + " is the client's own server or relay";
      }
    }
    if (opened) {
      return null;
    }
    if (NOT_PUBLIC.stream().anyMatch(network -> network.contains(meant))) {
      return shown(address) + " is no public address";
    }
    return isOfThisHost(meant) ? shown(address) + " is this host" : null;
  }

  /** What a name stands for now; what it stood for last where nobody can tell. */
  private InetAddress[] addresses(String key, String host) {
    try {
      InetAddress[] now = InetAddress.getAllByName(host); // the JDK remembers it for a while
      keptAway.put(key, now);
      return now;
    } catch (UnknownHostException notNow) {
      return keptAway.get(key);
    }
  }

  private static boolean isOfThisHost(InetAddress address) {
    try {
      return NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException unknown) {
      return false;
    }
  }

  private static InetAddress meant(InetAddress address) throws UnknownHostException {
    byte[] bytes = address.getAddress();
    return NAT64.contains(address)
        ? InetAddress.getByAddress(Arrays.copyOfRange(bytes, 12, 16))
        : InetAddress.getByAddress(bytes); // without name and scope, to compare
  }

  private static String shown(InetAddress address) {
    return address instanceof Inet4Address || address.getHostAddress().indexOf('%') < 0
        ? address.getHostAddress()
        : address.getHostAddress().replaceFirst("%.*", "");
  }

  private static List<Network> networks(String... written) {
    return Arrays.stream(written).map(Network::parse).toList();
  }

  /** A range of addresses. */
  private record Network(InetAddress first, int bits) {

    static Network parse(String written) {
      int slash = written.indexOf('/');
      String address = slash < 0 ? written : written.substring(0, slash);
      if (!address.matches("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
        throw new IllegalArgumentException("not a network: " + written);
      }
      try {
        InetAddress first = InetAddress.getByName(address);
        int all = 8 * first.getAddress().length;
        int bits = slash < 0 ? all : Integer.parseInt(written.substring(slash + 1));
        if (bits < 0 || bits > all) {
          throw new IllegalArgumentException("not a network: " + written);
        }
        return new Network(first, bits);
      } catch (UnknownHostException | NumberFormatException odd) {
        throw new IllegalArgumentException("not a network: " + written, odd);
      }
    }

    boolean contains(InetAddress address) {
      byte[] prefix = first.getAddress();
      byte[] bytes = address.getAddress();
      if (bytes.length != prefix.length) {
        return false;
      }
      for (int i = 0; i < bits; i++) {
        int mask = 0x80 >> (i % 8);
        if ((bytes[i / 8] & mask) != (prefix[i / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  /** A host that scripts may not connect to. */
  public static final class RefusedAddressException extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    RefusedAddressException(String why) {
      super("scripts may not connect there: " + why);
    }
  }
}
