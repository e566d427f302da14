package io.aihub.script.control;

import io.aihub.shared.InputCheck;
import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The hosts that a script may reach (允许访问的主机), as people write them. */
public final class HostList {

  private static final String FIELD = "allowedHosts";
  private static final int MOST = 100;
  private static final int MOST_CHARACTERS = 253; // RFC 1035, 2.3.4, as text

  private static final String BELOW = "*.";
  private static final Pattern NAME =
      Pattern.compile(
          "(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\\.)*"
              + "(?<last>[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");
  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(?:\\.|$)){4}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-f:.]*:[0-9a-f:.]*");

  /** What the two standards for names beyond ASCII (IDNA 2003 and 2008) disagree about. */
  private static final Pattern AMBIGUOUS =
      Pattern.compile(".*[\\u00df\\u1e9e\\u03c2\\u200c\\u200d].*");

  private HostList() {}

  /**
   * Checks a list and gives each host the form that clients compare: ASCII (punycode), lower case,
   * no dot at the end. {@code *.example.org} stands for all below a name, not for the name itself.
   *
   * @param hosts null or empty for any host
   * @return each once, in order; without those that were rejected
   */
  public static List<String> check(List<String> hosts, InputCheck check) {
    Set<String> listed = new TreeSet<>();
    for (String host : hosts == null ? List.<String>of() : hosts) {
      String plain = host == null ? null : plain(host.strip());
      if (plain != null) {
        listed.add(plain);
      } else if (check.accepts(FIELD)) {
        check.reject(FIELD, "script.host.invalid", shown(host));
      }
    }
    if (listed.size() > MOST) {
      check.reject(FIELD, "script.host.many", MOST);
    }
    return List.copyOf(listed);
  }

  /** Null where it is no host. */
  private static String plain(String written) {
    if (AMBIGUOUS.matcher(written).matches()) {
      return null;
    }
    boolean below = written.startsWith(BELOW);
    try {
      String name = IDN.toASCII(below ? written.substring(BELOW.length()) : written);
      name = name.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
      String address = name.replaceFirst("^\\[(.*)]$", "$1");
      if (!below && IPV6.matcher(address).matches()) {
        return InetAddress.getByName(address).getHostAddress(); // no look-up
      }
      boolean isAddress = IPV4.matcher(name).matches();
      return isName(name) && !(below && isAddress) ? (below ? BELOW : "") + name : null;
    } catch (UnknownHostException | IllegalArgumentException odd) {
      return null;
    }
  }

  private static boolean isName(String name) {
    var parts = NAME.matcher(name);
    return name.length() <= MOST_CHARACTERS
        && parts.matches()
        && (!NUMBER.matcher(parts.group("last")).matches() || IPV4.matcher(name).matches());
  }

  private static String shown(String host) {
    String text = InputCheck.printable(host == null ? "" : host.strip());
    return text.length() <= 100 ? text : text.substring(0, 100) + "…";
  }
}
