package io.aihub.queue.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.shared.Reason;
import io.aihub.storage.control.ObjectAccessException;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IndexProblemsTest {

  @ParameterizedTest
  @EnumSource(ObjectAccessException.Problem.class)
  void whyAnIndexCannotBeReadIsToldInTheReadersLanguage(ObjectAccessException.Problem problem) {
    Reason reason = IndexProblems.reason(new ObjectAccessException(problem, "index", null));

    assertThat(reason.message(Locale.CHINESE)).contains("index 文件");
    assertThat(reason.message(Locale.ENGLISH)).contains("index file");
  }
}
