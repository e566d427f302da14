package io.aihub.client.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.util.Timeout;

/**
 * A request as a script asked for it, proved to be one request and no more: connections are shared,
 * so nothing a script sends may be taken for the next script's request.
 *
 * @param target what stands in the request line: path and query, or a whole address for a proxy
 * @param port 1 to 65535
 * @param bundle a file with the certificates to trust; empty to trust any
 * @param body null where there is none
 * @param whole whether to read the answer's body at once, as far as it is small
 */
public record WireRequest(
    String method,
    boolean secure,
    String host,
    int port,
    String target,
    Timeout connectTimeout,
    Timeout readTimeout,
    String bundle,
    boolean whole,
    List<Header> headers,
    HttpEntity body) {

  private static final int FIELDS = 9;
  private static final Pattern TOKEN = Pattern.compile("[-!#$%&'*+.^_`|~0-9A-Za-z]+");
  private static final Pattern WHOLE_ADDRESS =
      Pattern.compile(
          "https?://(?:[^/?#@\\\\]*@)?(?<host>\\[[0-9A-Fa-f:.]+]|[0-9A-Za-z._-]+)(?::[0-9]*)?(?:[/?#].*)?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern HOST = Pattern.compile("[0-9A-Za-z._-]+|[0-9A-Fa-f:.]+");

  /**
   * Reads a request.
   *
   * @param text lines: method, {@code http} or {@code https}, host, port, target, connect time-out
   *     and read time-out in milliseconds (0 for none), bundle, {@code whole} or {@code head}, then
   *     the headers as they go out
   * @throws WireException where it isn't fit for shared connections
   */
  public static WireRequest parse(String text, byte[] body) throws WireException {
    String[] lines = text.split("\n", -1);
    if (lines.length < FIELDS) {
      throw WireException.elsewhere("not a request");
    }
    List<Header> headers = new ArrayList<>(lines.length - FIELDS);
    for (int i = FIELDS; i < lines.length; i++) {
      headers.add(header(lines[i]));
    }
    checkLength(headers, body);
    checkMethod(lines[0], headers);
    if (!HOST.matcher(lines[2]).matches() || !isPlain(lines[4]) || lines[4].indexOf(' ') >= 0) {
      throw WireException.elsewhere("an odd address");
    }
    int port = number(lines[3]);
    if (port < 1 || port > 65535) {
      throw WireException.elsewhere("an odd port");
    }
    return new WireRequest(
        lines[0],
        lines[1].equals("https"),
        lines[2],
        port,
        lines[4],
        Timeout.ofMilliseconds(number(lines[5])),
        Timeout.ofMilliseconds(number(lines[6])),
        lines[7],
        lines[8].equals("whole"),
        headers,
        body == null ? null : new ByteArrayEntity(body, (ContentType) null));
  }

  /** The address for people. */
  String url() {
    if (!target.startsWith("/")) {
      return target;
    }
    String scheme = secure ? "https" : "http";
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    boolean usual = port == (secure ? 443 : 80);
    return scheme + "://" + name + (usual ? "" : ":" + port) + target;
  }

  /** Whose the target is: another host's where a proxy is asked; empty where nobody can tell. */
  String targetHost() {
    if (target.startsWith("/") || target.equals("*")) {
      return host;
    }
    Matcher parts = WHOLE_ADDRESS.matcher(target);
    if (!parts.matches()) {
      return "";
    }
    String name = parts.group("host");
    return name.startsWith("[") ? name.substring(1, name.length() - 1) : name;
  }

  private static Header header(String line) throws WireException {
    int colon = line.indexOf(": ");
    if (colon < 1 || !TOKEN.matcher(line.substring(0, colon)).matches() || !isPlain(line)) {
      throw WireException.elsewhere("an odd header");
    }
    return new BasicHeader(line.substring(0, colon), line.substring(colon + 2));
  }

  /** A body's length is stated once and truly. */
  private static void checkLength(List<Header> headers, byte[] body) throws WireException {
    boolean stated = false;
    for (Header header : headers) {
      String name = header.getName();
      if (name.equalsIgnoreCase("Transfer-Encoding")
          || name.equalsIgnoreCase("Upgrade")
          || name.equalsIgnoreCase("TE")) {
        throw WireException.elsewhere("a header of the connection's own");
      }
      if (name.equalsIgnoreCase("Content-Length")) {
        int length = body == null ? 0 : body.length;
        if (stated || !header.getValue().equals(Integer.toString(length))) {
          throw WireException.elsewhere("an odd length");
        }
        stated = true;
      }
    }
    if (body != null && !stated) {
      throw WireException.elsewhere("no length");
    }
  }

  /** Whoever proves himself to a connection, not to a request, keeps out of what is shared. */
  private static void checkMethod(String method, List<Header> headers) throws WireException {
    if (!TOKEN.matcher(method).matches() || method.equals("CONNECT")) {
      throw WireException.elsewhere("an odd method");
    }
    for (Header header : headers) {
      String value = header.getValue();
      if (header.getName().toLowerCase(java.util.Locale.ROOT).endsWith("authorization")
          && (value.regionMatches(true, 0, "NTLM", 0, 4)
              || value.regionMatches(true, 0, "Negotiate", 0, 9))) {
        throw WireException.elsewhere("an authentication of connections");
      }
    }
  }

  /** Latin-1 without control characters, but for the tab. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < ' ' && c != '\t') || (c >= 0x7f && c < 0xa0) || c > 0xff) {
        return false;
      }
    }
    return true;
  }

  private static int number(String digits) throws WireException {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException odd) {
      throw WireException.elsewhere("not a number");
    }
  }
}
