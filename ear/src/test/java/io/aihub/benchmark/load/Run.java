package io.aihub.benchmark.load;

import java.util.HashMap;
import java.util.Map;

/**
 * What a fleet did in one run.
 *
 * @param seconds how long it took
 * @param lines settled as succeeded
 * @param cycles calls that settled lines and asked for the next
 * @param idle polls that got nothing
 * @param errors answers that no worker should get
 * @param p50Millis of the settling calls
 * @param p99Millis of the settling calls
 * @param pollP99Millis of the calls that only ask for lines
 * @param groups of workers that settled any line
 * @param leastLines settled by the group that settled the least
 */
public record Run(
    double seconds,
    long lines,
    long cycles,
    long idle,
    long errors,
    double p50Millis,
    double p99Millis,
    double pollP99Millis,
    int groups,
    long leastLines) {

  static Run parse(String text) {
    Map<String, String> words = new HashMap<>();
    for (String word : text.split(" ", -1)) {
      int equals = word.indexOf('=');
      words.put(word.substring(0, equals), word.substring(equals + 1));
    }
    return new Run(
        Double.parseDouble(words.get("seconds")),
        Long.parseLong(words.get("lines")),
        Long.parseLong(words.get("cycles")),
        Long.parseLong(words.get("idle")),
        Long.parseLong(words.get("errors")),
        Double.parseDouble(words.get("p50_ms")),
        Double.parseDouble(words.get("p99_ms")),
        Double.parseDouble(words.get("poll_p99_ms")),
        Integer.parseInt(words.get("groups")),
        Long.parseLong(words.get("least_lines")));
  }

  public double linesPerSecond() {
    return lines / seconds;
  }
}
