package io.aihub.quickstart;

import io.aihub.testbed.Ports;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the user said with {@code -D} on Maven's command line. Maven hands on what was not said as
 * an empty text.
 *
 * @param index the user's own index file, or null
 * @param script the user's own script, or null
 * @param workers of each client
 * @param exit whether to end after the report
 */
record Settings(int port, int adminPort, Path index, Path script, int workers, boolean exit) {

  private static final int PORT = 8080;
  private static final int ADMIN_PORT = 4848;
  private static final int WORKERS = 4;

  /** Something that the user can put right, in a line. */
  static final class Mistake extends Exception {
    private static final long serialVersionUID = 1L;

    Mistake(String message) {
      super(message);
    }
  }

  static Settings read() throws Mistake {
    Path index = file("index");
    Path script = file("script");
    if ((index == null) != (script == null)) {
      throw new Mistake("Give both: -Dindex=FILE and -Dscript=FILE.");
    }
    return new Settings(
        port("quickstart.port", PORT),
        port("quickstart.admin-port", ADMIN_PORT),
        index,
        script,
        number("quickstart.workers", WORKERS, 1, 64),
        isSet("quickstart.exit"));
  }

  private static int port(String key, int standard) throws Mistake {
    boolean asked = !text(key).isEmpty();
    int port = number(key, standard, 1, 65535);
    if (Ports.isFree(port)) {
      return port;
    }
    if (asked) {
      throw new Mistake("Port " + port + " is taken; give another with -D" + key + "=PORT.");
    }
    int free = Ports.free();
    System.out.printf(
        "Port %d is taken, so %d is used instead (-D%s=PORT chooses one).%n", port, free, key);
    return free;
  }

  private static Path file(String key) throws Mistake {
    String text = text(key);
    if (text.isEmpty()) {
      return null;
    }
    Path root = Path.of(System.getProperty("quickstart.directory", ""));
    Path file = root.resolve(text).toAbsolutePath();
    if (!Files.isReadable(file)) {
      throw new Mistake("-D" + key + ": can't read " + file);
    }
    return file;
  }

  private static int number(String key, int standard, int least, int most) throws Mistake {
    String text = text(key);
    if (text.isEmpty()) {
      return standard;
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // the same answer as for a number out of range
    }
    throw new Mistake("-D%s wants a number from %d to %d.".formatted(key, least, most));
  }

  private static boolean isSet(String key) {
    return !text(key).isEmpty() && !text(key).equalsIgnoreCase("false");
  }

  /** An option that wasn't given arrives as it stands in the pom, or empty. */
  private static String text(String key) {
    String text = System.getProperty(key, "").strip();
    return text.startsWith("${") ? "" : text;
  }
}
