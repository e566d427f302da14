package io.aihub.testbed;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * An index file in the form of the seed's example, {@code URL|==|/path}, of all files of an origin,
 * with blank lines and two lines that no origin can answer.
 *
 * @param text the file
 * @param lines all of them
 * @param blank how many are blank
 * @param failing how many stay failing
 * @param expected what should come into storage, by key below the task's target path
 */
public record DemoIndex(
    String text, int lines, int blank, int failing, Map<String, OriginFile> expected) {

  private static final int BLANK = 10;

  public static DemoIndex of(Origin origin) {
    List<OriginFile> files = origin.files();
    List<String> lines = new ArrayList<>();
    int every = files.size() / BLANK;
    for (OriginFile file : files) {
      lines.add(origin.url(file) + "|==|/" + file.key());
      if (file.number() % every == every - 1 && file.number() / every < BLANK) {
        lines.add("");
      }
    }
    lines.add(lines.size() / 2, "http://no-such-host.invalid/a.jpg|==|/14809/_/a.jpg");
    lines.add(lines.size() / 3, "a line without a separator");
    Map<String, OriginFile> expected =
        files.stream()
            .filter(file -> file.behaviour().isObtainable())
            .collect(Collectors.toMap(OriginFile::key, Function.identity()));
    return new DemoIndex(
        String.join("\n", lines) + "\n",
        lines.size(),
        BLANK,
        files.size() - expected.size() + 2,
        expected);
  }
}
