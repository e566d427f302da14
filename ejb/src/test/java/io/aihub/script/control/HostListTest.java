package io.aihub.script.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.shared.FieldError;
import io.aihub.shared.InputCheck;
import io.aihub.shared.InvalidException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostListTest {

  private final InputCheck check = new InputCheck();

  private String refusal(String host) {
    HostList.check(Collections.singletonList(host), check);
    InvalidException refused =
        Assertions.catchThrowableOfType(InvalidException.class, check::finish);
    FieldError error = refused.errors().get(0);
    assertThat(refused.errors()).hasSize(1);
    assertThat(error.field()).isEqualTo("allowedHosts");
    return error.reason().message(Locale.ENGLISH);
  }

  @ParameterizedTest
  @CsvSource({
    "example.org, example.org",
    "EXAMPLE.org., example.org",
    "*.Example.org, *.example.org",
    "a_b.example.org, a_b.example.org",
    "bücher.example, xn--bcher-kva.example",
    "localhost, localhost",
    "192.0.2.1, 192.0.2.1",
    "2001:DB8::1, 2001:db8:0:0:0:0:0:1",
    "[2001:db8::1], 2001:db8:0:0:0:0:0:1",
    "::ffff:192.0.2.1, 192.0.2.1"
  })
  void aHostHasOneForm(String written, String kept) {
    assertThat(HostList.check(List.of(written), check)).containsExactly(kept);
    check.finish();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.org",
        "example.org/path",
        "example.org:443",
        "user@example.org",
        ".example.org",
        "*",
        "*example.org",
        "a.*.example.org",
        "-a.example.org",
        "a..b",
        "example.org..",
        "1.2.3",
        "01.2.3.4",
        "256.2.3.4",
        "0x7f000001",
        "2130706433",
        "*.2.3.4",
        "*.192.0.2.1",
        "10.0.0.0/8",
        "fe80::1%eth0",
        "1:2",
        "stra\u00dfe.example",
        "two words"
      })
  void whatIsNoHostIsRefusedByItsName(String written) {
    assertThat(refusal(written)).contains("“" + written + "”");
  }

  @Test
  void nothingIsNoHostEither() {
    assertThat(refusal(null)).contains("“”");
  }

  @Test
  void noListIsAnyHost() {
    assertThat(HostList.check(null, check)).isEmpty();
    check.finish();
  }

  @Test
  void aListEndsSomewhere() {
    List<String> many = IntStream.rangeClosed(1, 101).mapToObj(i -> "h" + i + ".example").toList();

    HostList.check(many, check);

    assertThat(check.accepts("allowedHosts")).isFalse();
  }
}
