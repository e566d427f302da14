package io.aihub.web.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aihub.queue.api.SettleRequest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written by hand for speed accepts and refuses what Jackson by itself would. */
class LineResultDeserializerTest {

  private static final ObjectMapper PLAIN = LeaseJson.mapper().build();

  private static byte[] report(String result) {
    return ("{\"sequence\":1,\"report\":\"6a7f3c1e-1111-4222-8333-0123456789ab\",\"results\":["
            + "{\"line\":1,\"outcome\":\"GIVEN_BACK\"},"
            + result
            + "],\"nextCapacity\":10}")
        .getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"line\":7,\"outcome\":\"SUCCEEDED\",\"path\":\"a/\u00fc.jpg\",\"size\":12,\"sha256\":\"ab\"}",
        "{\"outcome\":\"FAILED\",\"line\":7,\"failureClass\":\"HTTP_4xx\",\"message\":\"m\",\"output\":\"o\"}",
        "{\"line\":7,\"outcome\":\"FAILED\",\"failureClass\":\"HTTP_429\",\"retryAfterSeconds\":30}",
        "{\"line\":7,\"outcome\":null,\"path\":null,\"size\":null,\"retryAfterSeconds\":null}",
        "{\"line\":7,\"unknown\":{\"a\":[1,2,{}]},\"outcome\":\"SUCCEEDED\"}",
        "{\"line\":7,\"line\":8}",
        "{\"path\":7}",
        "{}",
        "null"
      })
  void readsWhatJacksonReads(String result) throws Exception {
    SettleRequest expected = PLAIN.readValue(report(result), SettleRequest.class);

    assertThat(LeaseJson.read(SettleRequest.class, report(result))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"line\":\"seven\"}",
        "{\"line\":\"7\"}",
        "{\"line\":7.5}",
        "{\"line\":true}",
        "{\"line\":99999999999999999999}",
        "{\"outcome\":\"LOVELY\"}",
        "{\"outcome\":1}",
        "{\"path\":{}}",
        "{\"size\":\"12\"}",
        "{\"size\":1.5}",
        "{\"size\":[]}",
        "{\"failureClass\":\"NONE\"}",
        "{\"retryAfterSeconds\":99999999999}",
        "{\"line\":7",
        "[]",
        "7",
        "\"text\""
      })
  void refusesWhatJacksonRefusesAndNamesTheSameField(String result) {
    Throwable expected = catchThrowable(() -> PLAIN.readValue(report(result), SettleRequest.class));

    Throwable refusal = catchThrowable(() -> LeaseJson.read(SettleRequest.class, report(result)));

    assertThat(refusal).isNotNull().isInstanceOf(JsonMappingException.class);
    assertThat(((JsonMappingException) refusal).getPathReference())
        .isEqualTo(((JsonMappingException) expected).getPathReference());
  }
}
