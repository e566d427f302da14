package io.aihub.benchmark.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A worker that downloads nothing: it leases lines, reports them all as successes and takes the
 * next ones with the same call, on a connection of its own.
 */
final class Worker {

  private static final byte[] LEASE_ID = bytes("\"leaseId\":\"");
  private static final byte[] SEQUENCE = bytes("\"sequence\":");
  private static final byte[] LINE = bytes("\"line\":");
  private static final byte[] SUCCEEDED = bytes("\"succeeded\":");

  private static long reports = System.currentTimeMillis() << 20;

  private final String group;
  private final RequestText requests;
  private final Answer answer = new Answer();
  private final byte[] leaseId = new byte[36];
  private final long[] lines = new long[1000];
  private final InetSocketAddress server;
  private final Selector selector;
  private SelectionKey key;
  private SocketChannel channel; // null where the server has closed it
  private ByteBuffer outgoing;
  private long sequence;
  private int held; // lines
  private long sent;
  private long due; // when it goes on
  private boolean waiting; // for an answer
  private boolean foundNothing;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  Worker(String group, String token, String name, InetSocketAddress server, Selector selector) {
    this.group = group;
    this.requests = new RequestText(token, name);
    this.server = server;
    this.selector = selector;
  }

  private void connect() throws IOException {
    channel = SocketChannel.open(server);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    key = channel.register(selector, SelectionKey.OP_READ, this);
  }

  String group() {
    return group;
  }

  boolean isWaiting() {
    return waiting;
  }

  /** Whether its last call in this run got no lines. */
  boolean foundNothing() {
    return foundNothing;
  }

  void begin() {
    foundNothing = false;
  }

  boolean holdsLines() {
    return held > 0;
  }

  long due() {
    return due;
  }

  void dueAt(long time) {
    due = time;
  }

  /**
   * Sends the next request: settles what it holds, or asks for lines.
   *
   * @param capacity lines to take; 0 ends the lease, and is of no effect where none is held
   */
  void proceed(int capacity, String sha256, int objects) throws IOException {
    if (held > 0) {
      outgoing =
          requests.settle(leaseId, sequence, ++reports, lines, held, capacity, sha256, objects);
    } else if (capacity > 0) {
      outgoing = requests.lease(capacity);
    } else {
      return;
    }
    if (channel == null) {
      connect();
    }
    waiting = true;
    sent = System.nanoTime();
    write();
  }

  private void write() throws IOException {
    channel.write(outgoing);
    key.interestOps(
        outgoing.hasRemaining()
            ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
            : SelectionKey.OP_READ);
  }

  /** Goes on with what the connection is ready for; true where an answer has come. */
  boolean ready(Tally tally) throws IOException {
    if (key.isWritable()) {
      write();
    }
    if (!key.isReadable()) {
      return false;
    }
    if (!answer.read(channel)) {
      return answer.isCut() && disconnect(tally);
    }
    waiting = false;
    long took = System.nanoTime() - sent;
    int settled = held;
    switch (answer.status()) {
      case 200 -> {
        if (settled > 0) {
          int succeeded = answer.number(answer.after(SUCCEEDED, 0));
          if (succeeded == settled) {
            tally.settled(group, settled, took);
          } else {
            tally.failed("settled " + settled + ": " + answer.text());
          }
        } else {
          tally.leased(took);
        }
        take();
      }
      case 204 -> {
        held = 0;
        tally.idle(took);
      }
      default -> {
        held = 0;
        tally.failed(answer.text());
      }
    }
    answer.clear();
    foundNothing = held == 0;
    return true;
  }

  /** Servers close connections on which nothing happens; true where a call was lost by it. */
  private boolean disconnect(Tally tally) throws IOException {
    channel.close();
    channel = null;
    answer.clear();
    boolean lost = waiting;
    if (lost) {
      tally.failed("The server has closed the connection instead of answering");
      waiting = false;
      held = 0;
    }
    return lost;
  }

  private void take() {
    held = 0;
    int id = answer.after(LEASE_ID, 0);
    if (id < 0) {
      return; // a report that got no next lines
    }
    answer.copy(id, leaseId);
    sequence = answer.longNumber(answer.after(SEQUENCE, 0));
    for (int at = answer.after(LINE, 0); at > 0; at = answer.after(LINE, at)) {
      lines[held++] = answer.longNumber(at);
    }
  }
}
