package io.aihub.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;

/** The keys of somebody without a mouse, who has to see at each stop where they are. */
final class Keyboard {

  private static final int LONGEST_WAY = 60;
  private static final String HAS_FOCUS = "element => element === document.activeElement";
  private static final String SHOWS_FOCUS =
      """
      () => {
        const marked = (element) => {
          const style = getComputedStyle(element);
          return style.boxShadow !== 'none' || style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
        };
        const stop = document.activeElement;
        return stop !== document.body && (marked(stop) || marked(stop.parentElement)
          || [...stop.closest('.ui-chkbox')?.querySelectorAll('.ui-chkbox-box') ?? []].some(marked));
      }
      """;

  private final Page page;

  Keyboard(Page page) {
    this.page = page;
  }

  /** Goes on by Tab until {@code stop} has the focus. */
  Keyboard tabTo(Locator stop) {
    stop.waitFor();
    for (int tabs = 0; !hasFocus(stop); tabs++) {
      assertThat(tabs).as("way to %s", stop).isLessThan(LONGEST_WAY);
      press("Tab");
      assertThat((boolean) page.evaluate(SHOWS_FOCUS))
          .as("a visible focus on the way to %s", stop)
          .isTrue();
    }
    return this;
  }

  Keyboard type(String text) {
    page.keyboard().type(text);
    return this;
  }

  Keyboard press(String key) {
    page.keyboard().press(key);
    return this;
  }

  /** Waits until the focus is there: it may come with an answer of the server. */
  Keyboard awaitFocus(Locator stop) {
    assertThat(stop).isFocused();
    return this;
  }

  private static boolean hasFocus(Locator stop) {
    return (boolean) stop.evaluate(HAS_FOCUS);
  }
}
