package io.aihub.shared;

import java.io.Serializable;
import java.text.MessageFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.ResourceBundle;

/**
 * A reason that is shown to people: a key of the {@code errors} bundle and the arguments of its
 * text. It is kept in this form, so that a reason recorded once can be read in any language later.
 *
 * @param code key in the bundle
 * @param arguments values for the placeholders {@code {0}}, {@code {1}}, … of the text
 */
public record Reason(String code, List<String> arguments) implements Serializable {

  private static final String BUNDLE = "io.aihub.shared.errors";

  public Reason {
    arguments = List.copyOf(arguments);
  }

  public static Reason of(String code, Object... arguments) {
    return new Reason(code, Arrays.stream(arguments).map(String::valueOf).toList());
  }

  /**
   * The text in {@code locale}, or in English where there is none; the bare code where the bundle
   * lacks it.
   */
  public String message(Locale locale) {
    try {
      ResourceBundle bundle =
          ResourceBundle.getBundle(
              BUNDLE,
              locale,
              Reason.class.getClassLoader(),
              ResourceBundle.Control.getNoFallbackControl(
                  ResourceBundle.Control.FORMAT_PROPERTIES));
      return new MessageFormat(bundle.getString(code), Locale.ROOT).format(arguments.toArray());
    } catch (MissingResourceException missing) {
      return arguments.isEmpty() ? code : code + " " + arguments;
    }
  }
}
