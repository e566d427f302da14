package io.aihub.queue.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.queue.control.IndexSplitter.NewSegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IndexSplitterTest {

  private static List<NewSegment> split(byte[] index, int chunk) {
    IndexSplitter splitter = new IndexSplitter(0, 0, 0);
    List<NewSegment> segments = new ArrayList<>();
    for (int from = 0; from < index.length; from += chunk) {
      byte[] piece = Arrays.copyOfRange(index, from, Math.min(index.length, from + chunk));
      splitter.add(piece, piece.length);
      segments.addAll(splitter.takeFinished());
    }
    splitter.end();
    segments.addAll(splitter.takeFinished());
    return segments;
  }

  @Test
  void whereTheBytesAreCutMakesNoDifference() {
    Random random = new Random(1);
    StringBuilder index = new StringBuilder();
    for (int i = 0; i < 2_000; i++) {
      index.append("x".repeat(random.nextInt(100))).append('\n');
    }
    index.append("y".repeat(70_000)).append('\n').append("the end");
    byte[] bytes = index.toString().getBytes(UTF_8);

    List<NewSegment> whole = split(bytes, bytes.length);

    assertThat(split(bytes, 1)).isEqualTo(whole);
    assertThat(split(bytes, 7_001)).isEqualTo(whole);
    assertThat(whole.stream().mapToInt(NewSegment::lineCount).sum()).isEqualTo(2_002);
    assertThat(whole.stream().mapToLong(NewSegment::byteLength).sum()).isEqualTo(bytes.length);
    assertThat(whole).filteredOn(segment -> segment.byteLength() == 70_001).hasSize(1);
  }

  @Test
  void everyLineFeedCountsWhateverStandsBesideIt() {
    Random random = new Random(2);
    byte[] alike = {'\n', 0x0b, 0x09, (byte) 0x8a, (byte) 0x8b, 0, (byte) 0xff};
    byte[] bytes = new byte[100_000];
    int lines = 1; // the last has no line feed
    for (int i = 0; i < bytes.length - 1; i++) {
      bytes[i] = alike[random.nextInt(alike.length)];
      lines += bytes[i] == '\n' ? 1 : 0;
    }
    bytes[bytes.length - 1] = 'x';

    List<NewSegment> segments = split(bytes, 4_099);

    assertThat(segments.stream().mapToInt(NewSegment::lineCount).sum()).isEqualTo(lines);
    for (NewSegment segment : segments.subList(0, segments.size() - 1)) {
      int end = Math.toIntExact(segment.byteOffset() + segment.byteLength());
      assertThat(bytes[end - 1]).isEqualTo((byte) '\n');
    }
  }

  @Test
  void aSegmentHasNoMoreThanItsBytes() {
    byte[] bytes = ("x".repeat(60_000) + "\n").repeat(600).getBytes(UTF_8);

    List<NewSegment> segments = split(bytes, 64 * 1024);

    assertThat(segments).allMatch(segment -> segment.byteLength() <= IndexSplitter.MAX_BYTES);
    assertThat(segments.stream().mapToInt(NewSegment::lineCount).sum()).isEqualTo(600);
  }

  @Test
  void segmentsFollowEachOtherWithoutAGap() {
    List<NewSegment> segments = split("a\nb\n".repeat(20_000).getBytes(UTF_8), 4_096);

    for (int i = 1; i < segments.size(); i++) {
      NewSegment before = segments.get(i - 1);
      NewSegment after = segments.get(i);
      assertThat(after.no()).isEqualTo(before.no() + 1);
      assertThat(after.byteOffset()).isEqualTo(before.byteOffset() + before.byteLength());
      assertThat(after.firstLine()).isEqualTo(before.firstLine() + before.lineCount());
    }
  }
}
