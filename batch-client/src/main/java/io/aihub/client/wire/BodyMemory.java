package io.aihub.client.wire;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.function.LongUnaryOperator;

/**
 * The heap that bodies take which scripts read in one piece, as in {@code
 * requests.get(url).content}. Small ones pass; a large one waits until there is room for it beside
 * those of other lines, first come, first served. Else a dozen workers with files of 50 MB would
 * take the process down, where one after the other goes well. Thread-safe.
 */
public final class BodyMemory {

  /** A body needs twice its size: once as it comes, and once as Python's. */
  static final int COPIES = 2;

  /** What a line may have without asking. */
  static final long SMALL = 4 << 20;

  /** A look may cost a collection: not for each small body that has gone. */
  private static final int WORTH_A_LOOK = 4;

  private static final long BETWEEN_ABANDONED_MILLIS = 100;
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

  private final long most;
  private final LongUnaryOperator room;
  private final Duration patience;
  private final Deque<Object> queue = new ArrayDeque<>();
  private long claimed;
  private long released;

  /**
   * Nothing is claimed yet.
   *
   * @param most bytes that the heap may come to
   * @param room how many bytes of heap are left, looking closely only where fewer than asked for
   *     seem to be
   */
  public BodyMemory(long most, LongUnaryOperator room) {
    this(most, room, Duration.ofSeconds(10));
  }

  /**
   * The same.
   *
   * @param patience how long to wait where no other line is known to hold any, or where the line
   *     that waits does
   */
  BodyMemory(long most, LongUnaryOperator room, Duration patience) {
    this.most = most;
    this.room = room;
    this.patience = patience;
  }

  Claim newClaim() {
    return new Claim();
  }

  /** What one line has claimed. */
  final class Claim {

    private long reading;
    private long kept;

    /**
     * Waits for room for a body, or for more of it. What the line has read before counts no more:
     * scripts work on one file after the other.
     *
     * @param abandoned whether nobody wants it any more; asked ten times a second
     * @return false where there is none, or it was abandoned
     */
    boolean await(long bytes, BooleanSupplier abandoned) throws InterruptedException {
      synchronized (BodyMemory.this) {
        give(kept);
        kept = 0;
        Object place = new Object();
        queue.add(place);
        try {
          boolean granted = reading + bytes <= SMALL || awaitTurn(place, bytes, abandoned);
          if (granted) {
            reading += bytes;
            claimed += bytes;
          }
          return granted;
        } finally {
          queue.remove(place);
          BodyMemory.this.notifyAll();
        }
      }
    }

    private boolean awaitTurn(Object place, long bytes, BooleanSupplier abandoned)
        throws InterruptedException {
      long begun = System.nanoTime();
      long looked = begun - BETWEEN_LOOKS.toNanos();
      long known = released;
      while (bytes <= most && !abandoned.getAsBoolean()) {
        long now = System.nanoTime();
        if (queue.peek() == place
            && (released - known >= bytes / WORTH_A_LOOK
                || now - looked >= BETWEEN_LOOKS.toNanos())) {
          known = released;
          looked = now;
          long wanted = claimed + bytes;
          if (room.applyAsLong(wanted) >= wanted) {
            return true;
          }
        }
        boolean othersHold = claimed > reading;
        if ((!othersHold || reading > 0) && now - begun >= patience.toNanos()) {
          return false;
        }
        BodyMemory.this.wait(BETWEEN_ABANDONED_MILLIS);
      }
      return false;
    }

    /** A body is there: what it was claimed for is garbage, but for the body and one copy of it. */
    void read(long bytes, long body) {
      synchronized (BodyMemory.this) {
        reading -= bytes;
        kept += body;
        give(bytes - body);
      }
    }

    /** The line is over. */
    void release() {
      synchronized (BodyMemory.this) {
        give(reading + kept);
        reading = 0;
        kept = 0;
      }
    }

    private void give(long bytes) {
      if (bytes != 0) {
        claimed -= bytes;
        released += bytes;
        BodyMemory.this.notifyAll();
      }
    }
  }
}
