package io.aihub.client.script;

import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;

/** {@code /dev/null} as scripts have it: nothing of the machine's is opened. */
final class NullDevice implements SeekableByteChannel {

  static final Path PATH = Path.of("/dev/null");

  private volatile boolean closed;

  /** Whether a script means it, by whatever way it writes that. */
  static boolean isMeant(Path absolute) {
    return absolute.normalize().equals(PATH);
  }

  @Override
  public int read(ByteBuffer room) throws ClosedChannelException {
    requireOpen();
    return -1;
  }

  @Override
  public int write(ByteBuffer bytes) throws ClosedChannelException {
    requireOpen();
    int count = bytes.remaining();
    bytes.position(bytes.limit());
    return count;
  }

  @Override
  public long position() throws ClosedChannelException {
    requireOpen();
    return 0;
  }

  @Override
  public SeekableByteChannel position(long wanted) throws ClosedChannelException {
    requireOpen();
    return this;
  }

  @Override
  public long size() throws ClosedChannelException {
    requireOpen();
    return 0;
  }

  @Override
  public SeekableByteChannel truncate(long size) throws ClosedChannelException {
    requireOpen();
    return this;
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() {
    closed = true;
  }

  private void requireOpen() throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
  }
}
