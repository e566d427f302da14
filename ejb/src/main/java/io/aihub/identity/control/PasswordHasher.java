package io.aihub.identity.control;

import com.password4j.Argon2Function;
import com.password4j.Password;
import com.password4j.types.Argon2;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.Semaphore;

/**
 * Argon2id with the first parameter set that OWASP's Password Storage Cheat Sheet recommends (19
 * MiB, 2 iterations, 1 lane).
 */
@ApplicationScoped
public class PasswordHasher {

  private static final Argon2Function ARGON2 =
      Argon2Function.getInstance(19_456, 2, 1, 32, Argon2.ID);

  /** Each computation takes 19 MiB: a flood of sign-ins must not take the whole heap. */
  private final Semaphore memory = new Semaphore(4);

  /** The hash with its salt and parameters, as it is stored. */
  public String hash(String password) {
    memory.acquireUninterruptibly();
    try {
      return Password.hash(password).addRandomSalt(16).with(ARGON2).getResult();
    } finally {
      memory.release();
    }
  }

  /** Whether {@code hash} was made of {@code password}. */
  public boolean matches(String password, String hash) {
    memory.acquireUninterruptibly();
    try {
      return Password.check(password, hash).with(Argon2Function.getInstanceFromHash(hash));
    } finally {
      memory.release();
    }
  }
}
