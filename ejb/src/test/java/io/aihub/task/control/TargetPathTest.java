package io.aihub.task.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetPathTest {

  @Test
  void aPathLiesInEveryFolderOnTheWayToIt() {
    assertThat(TargetPath.downTo("images")).containsExactly("images");
    assertThat(TargetPath.downTo("a/b c/中文")).containsExactly("a", "a/b c", "a/b c/中文");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "a/b/c", "a/ ", "a/中文", "a/\uD83D\uDE00", "a/~"})
  void whatIsBelowAFolderIsInItsRange(String path) {
    assertThat(isInRange(path)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "ab", "a0", "a b", "a-b/c", "a.b", "a中文", "A/b", "b", "中文", "x/a/b"})
  void whatOnlyBeginsAlikeIsNot(String path) {
    assertThat(isInRange(path)).isFalse();
  }

  private static boolean isInRange(String path) {
    return isBefore(TargetPath.endBelow("a"), path) && !isBefore(TargetPath.beginBelow("a"), path);
  }

  private static boolean isBefore(String limit, String path) {
    return Arrays.compareUnsigned(path.getBytes(UTF_8), limit.getBytes(UTF_8)) < 0;
  }
}
