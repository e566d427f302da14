package io.aihub.fleet.control;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.aihub.fleet.api.MachineIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Makes tokens and remembers for five seconds whose they are, so that a fleet that polls does not
 * read the database each time. A token holds 256 random bits, so a plain SHA-256 of it is safe to
 * keep.
 */
@ApplicationScoped
public class MachineTokens {

  private static final String PREFIX = "aihub_";
  private static final Pattern FORM = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");

  private final SecureRandom random = new SecureRandom();
  private final Cache<String, Optional<MachineIdentity>> known =
      Caffeine.newBuilder().expireAfterWrite(Duration.ofSeconds(5)).maximumSize(10_000).build();

  public String make() {
    byte[] bits = new byte[32];
    random.nextBytes(bits);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
  }

  /** SHA-256 as 64 lower-case hexadecimal digits. */
  public String hash(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * The machine that a token belongs to.
   *
   * @param lookUp finds the machine by the hash of its token
   */
  public Optional<MachineIdentity> owner(
      String token, Function<String, Optional<MachineIdentity>> lookUp) {
    return hashed(token).flatMap(hash -> known.get(hash, lookUp));
  }

  /** The machine that a token belongs to, if it was asked for a moment ago. */
  public Optional<MachineIdentity> remembered(String token) {
    return hashed(token).map(known::getIfPresent).flatMap(owner -> owner);
  }

  /** Empty where it hasn't the form of a token: it is nobody's, and not worth a look. */
  private Optional<String> hashed(String token) {
    return token == null || !FORM.matcher(token).matches()
        ? Optional.empty()
        : Optional.of(hash(token));
  }

  /** A change acts at once on this server, and within five seconds on any other. */
  public void forget() {
    known.invalidateAll();
  }
}
