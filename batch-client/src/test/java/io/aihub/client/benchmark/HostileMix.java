package io.aihub.client.benchmark;

import io.aihub.client.script.TestScripts;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The order in which functions of hostile.py are called. Most of them cost their context, and half
 * a second until the next one has started, so those that don't can be called more often.
 */
final class HostileMix {

  private static final Pattern LEAVES_ITS_CONTEXT =
      Pattern.compile(
          "script_(exit|fork|kill|ignored_signal|recursion|nested_source|list_\\w+|unreadable_\\w+"
              + "|exception_\\w+|file_outside|link|java|process)"
              + "|none_(long_output|output_without_sense|escapes_and_markup|left_open)"
              + "|output_(list|folder|file_outside|nothing)"
              + "|file_\\w+");

  private final List<String> round = new ArrayList<>();

  /**
   * Mixes them.
   *
   * @param times how often those are called that leave their context, for once of the others
   */
  HostileMix(int times) {
    List<String> often = new ArrayList<>();
    List<String> once = new ArrayList<>();
    for (String name : TestScripts.hostileFunctions()) {
      (LEAVES_ITS_CONTEXT.matcher(name).matches() ? often : once).add(name);
    }
    int between = often.size() * times / once.size() + 1;
    for (int i = 0, next = 0; i < once.size(); i++) {
      round.add(once.get(i));
      for (int j = 0; j < between; j++) {
        round.add(often.get(next++ % often.size()));
      }
    }
  }

  String name(int call) {
    return round.get(call % round.size());
  }
}
