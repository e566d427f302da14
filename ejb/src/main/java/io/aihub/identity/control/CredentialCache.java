package io.aihub.identity.control;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Remembers for a minute which password was right for which stored hash, because programs send
 * theirs with every request and Argon2 is dear. It keeps keyed digests only, and an entry is good
 * for the very hash it was checked against: a changed password is never accepted from here.
 */
@ApplicationScoped
public class CredentialCache {

  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key = randomKey();
  private final Cache<String, Boolean> checked =
      Caffeine.newBuilder().expireAfterWrite(Duration.ofSeconds(60)).maximumSize(10_000).build();

  public boolean knows(String password, String hash) {
    return checked.getIfPresent(digest(password, hash)) != null;
  }

  public void remember(String password, String hash) {
    checked.put(digest(password, hash), Boolean.TRUE);
  }

  private String digest(String password, String hash) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(hash.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(password.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  private static SecretKeySpec randomKey() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return new SecretKeySpec(bytes, ALGORITHM);
  }
}
