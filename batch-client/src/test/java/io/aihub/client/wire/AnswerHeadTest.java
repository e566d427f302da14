package io.aihub.client.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.apache.hc.core5.http.Header;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code OddHeadersTest} compares with Python, without Python. */
class AnswerHeadTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "A: 1~B:2|A=1~B=2",
        "A: 1 \t|A=1 \t",
        "A:|A=",
        "A: 1~ 2~\t3~B: 4|A=1^ 2^\t3~B=4",
        "A: ~ 2|A=2",
        " 1~A: 2|A=2",
        "A: 1~no header~B: 2|A=1",
        "A : 1~B: 2|''",
        ": 1~ 2~B: 3|B=3",
        "From me~A: 1|A=1",
        "A: 1\rB: 2|A=1~B=2",
        "A: 1~a: 2~A: 1|A=1~a=2~A=1",
        "A: \u00e9|A=\u00e9"
      })
  void linesAreReadAsPythonReadsThem(String lines, String headers) {
    Header[] read = AnswerHead.headers(List.of(lines.split("~")));

    assertThat(
            Arrays.stream(read)
                .map(header -> header.getName() + "=" + header.getValue().replace("\r\n", "^"))
                .toList())
        .isEqualTo(headers.isEmpty() ? List.of() : List.of(headers.split("~")));
  }
}
