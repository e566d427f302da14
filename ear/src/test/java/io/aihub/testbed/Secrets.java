package io.aihub.testbed;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Passwords and keys that live as long as a test bed. */
final class Secrets {

  private static final SecureRandom RANDOM = new SecureRandom();

  private Secrets() {}

  static String random() {
    byte[] bytes = new byte[20];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
