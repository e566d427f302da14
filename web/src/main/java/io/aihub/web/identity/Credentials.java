package io.aihub.web.identity;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * What an {@code Authorization} header carries: a Bearer token (RFC 6750), or a name and a password
 * (RFC 7617, in UTF-8).
 */
record Credentials(String token, String username, String password) {

  /** Empty where there is no header, or none that can be read. */
  static Optional<Credentials> of(String header) {
    if (header == null) {
      return Optional.empty();
    }
    int space = header.indexOf(' ');
    String scheme = space < 0 ? header : header.substring(0, space);
    String value = space < 0 ? "" : header.substring(space + 1).strip();
    if (scheme.equalsIgnoreCase("Bearer")) {
      return Optional.of(new Credentials(value, null, null));
    }
    return scheme.equalsIgnoreCase("Basic") ? basic(value) : Optional.empty();
  }

  private static Optional<Credentials> basic(String value) {
    try {
      String pair = new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      return colon < 0
          ? Optional.empty()
          : Optional.of(new Credentials(null, pair.substring(0, colon), pair.substring(colon + 1)));
    } catch (IllegalArgumentException noBase64) {
      return Optional.empty();
    }
  }

  /** Without the secrets, so that they cannot end in a log. */
  @Override
  public String toString() {
    return "Credentials[" + (token == null ? "Basic " + username : "Bearer") + "]";
  }
}
