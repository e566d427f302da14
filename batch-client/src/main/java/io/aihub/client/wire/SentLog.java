package io.aihub.client.wire;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The last requests of one script's line, whichever way they went. Thread-safe, as a script may
 * have threads.
 */
public final class SentLog {

  private static final int REMEMBERED = 5;

  private final Deque<Sent> last = new ArrayDeque<>();
  private int count;

  /** A request is about to go out. */
  public synchronized Sent begin(String method, String url) {
    if (last.size() == REMEMBERED) {
      last.removeFirst();
    }
    Sent sent = new Sent(++count, method, url);
    last.addLast(sent);
    return sent;
  }

  /** It went out another way, where it is seen for itself. */
  synchronized void forget(Sent sent) {
    last.remove(sent);
  }

  /** One of the last requests by its number; empty where others came after it. */
  public synchronized Optional<Sent> find(int number) {
    return last.stream().filter(sent -> sent.number() == number).findFirst();
  }

  /** A new line: the requests of the one before are forgotten. */
  public synchronized void clear() {
    last.clear();
  }

  /** The last requests, the oldest first. */
  public synchronized List<Sent> last() {
    return new ArrayList<>(last);
  }
}
