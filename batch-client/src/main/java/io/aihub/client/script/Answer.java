package io.aihub.client.script;

import java.util.ArrayList;
import java.util.List;
import org.graalvm.polyglot.Value;

/**
 * What {@code load()} and {@code call()} of calls.py say of what they ran.
 *
 * @param text the returned path, what came instead, or the exception's description
 * @param links of the exception, if there was one
 * @param spoiled whether the next line must not run in the same context
 */
record Answer(Kind kind, String text, List<RaisedLink> links, boolean spoiled) {

  enum Kind {
    LOADED,
    PATH,
    NONE,
    /** Another value for nothing: {@code False}, {@code 0}, {@code []}. */
    EMPTY,
    ODD,
    RAISED
  }

  static Answer of(Value answer) {
    Kind kind = Kind.valueOf(answer.getArrayElement(0).asString());
    return new Answer(
        kind,
        answer.getArrayElement(1).asString(),
        kind == Kind.RAISED ? links(answer.getArrayElement(2)) : List.of(),
        answer.getArrayElement(3).asBoolean());
  }

  private static List<RaisedLink> links(Value array) {
    List<RaisedLink> links = new ArrayList<>();
    for (long i = 0; i < array.getArraySize(); i++) {
      Value link = array.getArrayElement(i);
      Value names = link.getArrayElement(0);
      List<String> types = new ArrayList<>();
      for (long n = 0; n < names.getArraySize(); n++) {
        types.add(names.getArrayElement(n).asString());
      }
      Value retryAfter = link.getArrayElement(2);
      links.add(
          new RaisedLink(
              types,
              number(link.getArrayElement(1)),
              retryAfter.isNull() ? null : retryAfter.asString(),
              number(link.getArrayElement(3))));
    }
    return links;
  }

  private static int number(Value value) {
    return value.fitsInInt() ? value.asInt() : -1;
  }
}
