package io.aihub.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Looks for what the parts of a test bed logged at WARNING or above. */
public final class LogAudit {

  private static final Pattern CONSPICUOUS =
      Pattern.compile(
          // java.util.logging's formats, PostgreSQL's, nginx's and a JVM's own
          "\\|(WARNING|SEVERE)\\||(^|\\s)(WARNING|SEVERE)[: ]|(WARNING|ERROR|FATAL|PANIC):  "
              + "|\\[(warn|error|crit|alert|emerg)\\]|^Exception in thread");

  /** What can't be helped; each with its reason in src-docs/operations.md. */
  private static final List<Pattern> EXPLAINED =
      List.of(
          Pattern.compile("^\\S+ \\S+ \\S+ \\[\\d+] FATAL:  the database system is starting up"));

  private LogAudit() {}

  /** The lines with the log's name in front, and the line that follows each (Payara's text). */
  public static List<String> conspicuous(Path logs) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(logs)) {
      for (Path file : files.filter(name -> name.toString().endsWith(".log")).sorted().toList()) {
        List<String> lines = Files.readAllLines(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        for (int i = 0; i < lines.size(); i++) {
          String text = lines.get(i) + (i + 1 < lines.size() ? " " + lines.get(i + 1).strip() : "");
          if (CONSPICUOUS.matcher(lines.get(i)).find()
              && EXPLAINED.stream().noneMatch(pattern -> pattern.matcher(text).find())) {
            found.add(file.getFileName() + ": " + text);
          }
        }
      }
    }
    return found;
  }
}
