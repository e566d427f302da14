package io.aihub.client.script;

import io.aihub.client.wire.SentLog;
import io.aihub.client.wire.Trouble;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;

/**
 * What {@code sent.py} calls: tells of the requests that go over Python's own sockets, so that a
 * line's failure is named after them, too. A script that lays hands on it can tell lies of its own
 * line only.
 */
final class SentBridge {

  private static final int MAX_METHOD = 20;
  private static final int MAX_DETAIL = 300;

  private final SentLog log;

  SentBridge(SentLog log) {
    this.log = log;
  }

  /** {@code begun(method, url)}: the request's number. */
  ProxyExecutable begun() {
    return arguments ->
        log.begin(shortened(arguments[0], MAX_METHOD), arguments[1].asString()).number();
  }

  /** {@code answered(number, status, retry_after)}: the last one a string or None. */
  ProxyExecutable answered() {
    return arguments -> {
      String retryAfter = arguments[2].isString() ? arguments[2].asString() : null;
      log.find(arguments[0].asInt())
          .ifPresent(sent -> sent.answered(arguments[1].asInt(), retryAfter));
      return true;
    };
  }

  /** {@code failed(number, trouble, text)}. */
  ProxyExecutable failed() {
    return arguments -> {
      Trouble trouble = Trouble.valueOf(arguments[1].asString());
      String detail = shortened(arguments[2], MAX_DETAIL);
      log.find(arguments[0].asInt()).ifPresent(sent -> sent.failed(trouble, detail));
      return true;
    };
  }

  /** {@code completed(number)}: the body is read, or closed. */
  ProxyExecutable completed() {
    return arguments -> {
      log.find(arguments[0].asInt()).ifPresent(sent -> sent.completed());
      return true;
    };
  }

  private static String shortened(Value text, int most) {
    String all = text.asString();
    return all.length() <= most ? all : all.substring(0, most);
  }
}
