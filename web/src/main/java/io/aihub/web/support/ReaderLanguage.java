package io.aihub.web.support;

import java.util.List;
import java.util.Locale;

/** The language of error texts of REST and SOAP: English unless Chinese is asked for. */
public final class ReaderLanguage {

  private ReaderLanguage() {}

  /**
   * Chooses by an {@code Accept-Language} header (RFC 9110).
   *
   * @param header null means none
   */
  public static Locale of(String header) {
    if (header == null) {
      return Locale.ENGLISH;
    }
    try {
      Locale best =
          Locale.lookup(
              Locale.LanguageRange.parse(header), List.of(Locale.ENGLISH, Locale.CHINESE));
      return best == null ? Locale.ENGLISH : best;
    } catch (IllegalArgumentException unreadable) {
      return Locale.ENGLISH;
    }
  }
}
