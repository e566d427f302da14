package io.aihub.queue.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineRangesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}              |
          {[7,8)}         | 7
          {[1,4)}         | 1 2 3
          {[1,3),[5,6)}   | 1 2 5
          {[8,9),[10,12)} | 8 10 11
          """)
  void neighboursShareRange(String text, String numbers) {
    List<Long> lines =
        numbers == null
            ? List.of()
            : List.of(numbers.split(" ")).stream().map(Long::valueOf).toList();

    assertThat(LineRanges.text(lines)).isEqualTo(text);
    assertThat(LineRanges.lines(text)).isEqualTo(lines);
  }

  @Test
  void numbersMayBeAsLargeAsTheyGet() {
    assertThat(LineRanges.lines(LineRanges.text(List.of(100_000_000_000L))))
        .containsExactly(100_000_000_000L);
  }
}
