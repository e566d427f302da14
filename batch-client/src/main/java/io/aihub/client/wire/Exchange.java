package io.aihub.client.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;

/**
 * An answer, and its connection until the body is read or closed. One thread reads; any may close.
 */
public final class Exchange implements AutoCloseable {

  private static final byte[] NOTHING = {};
  private static final int LARGEST = Integer.MAX_VALUE - 8; // of an array

  /** What of a body of unknown length is in memory; what is longer passes through a file. */
  private static final int UNANNOUNCED = 2 << 20;

  private final WireSession session;
  private final int handle;
  private final Sent sent;
  private final Pool pool;
  private final ConnectionEndpoint connection;
  private final ClassicHttpResponse response;
  private final TimeValue keepFor;
  private final InputStream body;
  private final long headNanos;
  private long left; // of the body; below 0 where nobody knows
  private byte[] ahead = NOTHING; // of the body, and not among what is left
  private final AtomicBoolean released = new AtomicBoolean();
  private volatile WireException failure;

  /**
   * Holds an answer.
   *
   * @param keepFor how long the connection may wait for a next request; null where it must not
   */
  Exchange(
      WireSession session,
      int handle,
      Sent sent,
      Pool pool,
      ConnectionEndpoint connection,
      ClassicHttpResponse response,
      TimeValue keepFor)
      throws IOException {
    this.session = session;
    this.handle = handle;
    this.sent = sent;
    this.pool = pool;
    this.connection = connection;
    this.response = response;
    this.keepFor = keepFor;
    this.headNanos = sent.nanosSoFar();
    HttpEntity entity = response.getEntity();
    this.body = entity == null ? null : entity.getContent();
    this.left = entity == null ? 0 : entity.getContentLength();
    if (body == null) {
      release(keepFor);
    }
  }

  public int handle() {
    return handle;
  }

  public int status() {
    return response.getCode();
  }

  /** Ten times the version, as far as {@code http.client} tells them apart: 10 or 11. */
  public int version() {
    return response.getVersion().lessEquals(HttpVersion.HTTP_1_0) ? 10 : 11;
  }

  /** The words after the status; empty where there are none. */
  public String reason() {
    return response.getReasonPhrase() == null ? "" : response.getReasonPhrase();
  }

  /** Headers as they came: order, case and duplicates. */
  public Header[] headers() {
    return response.getHeaders();
  }

  public Header header(String name) {
    return response.getFirstHeader(name);
  }

  /** From the request until the head of the answer was there. */
  public long headNanos() {
    return headNanos;
  }

  /** Whether the body was read to its end, or closed. */
  public boolean isOver() {
    return released.get();
  }

  /** Why the body broke off; null where it didn't. */
  public WireException failure() {
    return failure;
  }

  /**
   * Reads some of the body: {@code least} bytes or more, as they come; fewer where it ends or
   * breaks off, see {@link #failure()}.
   *
   * @param least at least 1, at most the room
   * @return number of bytes, 0 at the end of the body
   */
  public int read(byte[] room, int offset, int least) {
    int got = Math.min(ahead.length, room.length - offset);
    System.arraycopy(ahead, 0, room, offset, got);
    ahead = Arrays.copyOfRange(ahead, got, ahead.length);
    try {
      while (got < least && !released.get()) {
        int n = body.read(room, offset + got, room.length - offset - got);
        got += Math.max(0, n);
        left -= Math.max(0, n);
        if (n < 0 || left == 0) {
          sent.completed();
          release(keepFor); // stays known to the session until its script has heard of the end
        }
      }
    } catch (IOException broken) {
      failure = session.isAborted() ? WireException.aborted() : WireException.whileTalking(broken);
      if (!released.get()) {
        sent.failed(failure.trouble(), failure.getMessage());
      }
      giveUp();
    }
    return got;
  }

  /** Puts back what has been read of the body, all of it: it is what will be read next. */
  public void putBack(byte[] room, int length) {
    ahead = Arrays.copyOf(room, length);
  }

  /**
   * Reads all that is left of the body, in one piece. Waits until there is memory for it.
   *
   * @return less than that where it breaks off or there never will be memory, see {@link
   *     #failure()}; empty at the end of the body
   */
  public ByteBuffer rest() {
    try {
      if (isOver() || left >= 0) {
        return whole(ahead.length + (isOver() ? 0 : left), room -> read(room, 0, room.length));
      }
      byte[] room = new byte[UNANNOUNCED];
      int got = read(room, 0, room.length);
      return isOver() ? ByteBuffer.wrap(room, 0, got).slice() : restByDisk(room);
    } catch (IOException disk) {
      fail(WireException.noRoom(disk));
      return ByteBuffer.allocate(0);
    }
  }

  /**
   * Waits until there is memory for what is left of the body where Python reads it in small pieces
   * and joins them, which takes three times its size. Where its length isn't known, nobody can say.
   *
   * @return false where there never will be, see {@link #failure()}
   */
  public boolean awaitMemoryToJoin() {
    long bytes = 3 * Math.max(0, left);
    if (isOver() || !claim(bytes, left)) {
      return failure == null;
    }
    session.claim().read(bytes, bytes); // until the line's next one
    return true;
  }

  /** How long it is shows at its end, and who held memory until then would block others. */
  private ByteBuffer restByDisk(byte[] piece) throws IOException {
    try (FileChannel spool = session.spool()) {
      InputStream spooled = Channels.newInputStream(spool);
      for (int got = piece.length; got > 0; got = read(piece, 0, piece.length)) {
        spool.write(ByteBuffer.wrap(piece, 0, got));
        if (spool.size() > LARGEST) {
          fail(WireException.tooLarge(spool.size()));
          return ByteBuffer.allocate(0);
        }
      }
      spool.position(0);
      return whole(spool.size(), room -> spooled.readNBytes(room, 0, room.length));
    }
  }

  private interface Source {
    int read(byte[] room) throws IOException;
  }

  private ByteBuffer whole(long length, Source source) throws IOException {
    long bytes = BodyMemory.COPIES * length;
    if (!claim(bytes, length)) {
      return ByteBuffer.allocate(0);
    }
    byte[] room = new byte[(int) length];
    int got = source.read(room);
    session.claim().read(bytes, got);
    return ByteBuffer.wrap(room, 0, got).slice();
  }

  private boolean claim(long bytes, long length) {
    try {
      if (length <= LARGEST && session.claim().await(bytes, session::isAborted)) {
        return true;
      }
      fail(session.isAborted() ? WireException.aborted() : WireException.tooLarge(length));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      fail(WireException.aborted());
    }
    return false;
  }

  private void fail(WireException why) {
    failure = why;
    sent.failed(why.trouble(), why.getMessage());
    giveUp();
  }

  /** Gives the connection up; what of the body wasn't read is lost. */
  @Override
  public void close() {
    session.over(this);
    giveUp();
  }

  private void giveUp() {
    if (!released.get()) {
      connection.close(CloseMode.IMMEDIATE); // wakes who waits for it
    }
    release(null);
  }

  private void release(TimeValue keep) {
    if (released.compareAndSet(false, true)) {
      pool.connections().release(connection, null, keep);
    }
  }
}
