package io.aihub.client.script;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A file that a script has open, whose growth is counted. */
final class CountedFile extends FileChannel {

  /** What is read or written at once passes through as much memory outside of the heap. */
  private static final int PIECE = 1 << 20;

  private final FileChannel file;
  private final Object key;
  private final DiskQuota quota;
  private long highest;
  private int recounts;

  /**
   * Counts from what the file has now.
   *
   * @param key tells the file from all others, see {@link
   *     java.nio.file.attribute.BasicFileAttributes#fileKey}; null for one of the libraries, which
   *     isn't the script's
   */
  CountedFile(FileChannel file, Object key, DiskQuota quota) throws IOException {
    this.file = file;
    this.key = key;
    this.quota = quota;
    this.recounts = quota.recounts();
    this.highest = file.size();
    quota.opened(this);
  }

  boolean isOfLibrary() {
    return key == null;
  }

  Object key() {
    return key;
  }

  private synchronized void before(long position, long count) throws IOException {
    long end = position + count;
    if (recounts != quota.recounts()) { // somebody may have made it shorter before that
      recounts = quota.recounts();
      highest = file.size();
    }
    if (end > highest) {
      quota.grow(end - highest);
      highest = end;
    }
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    before(file.position(), source.remaining());
    return inPieces(source, file::write);
  }

  private interface Transfer {
    int of(ByteBuffer piece) throws IOException;
  }

  private static int inPieces(ByteBuffer whole, Transfer transfer) throws IOException {
    int begin = whole.position();
    int end = whole.limit();
    try {
      int last;
      do {
        whole.limit(Math.min(end, whole.position() + PIECE));
        last = transfer.of(whole);
      } while (!whole.hasRemaining() && whole.limit() < end);
      return whole.position() > begin ? whole.position() - begin : last;
    } finally {
      whole.limit(end);
    }
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    long count = 0;
    for (int i = offset; i < offset + length; i++) {
      count += sources[i].remaining();
    }
    before(file.position(), count);
    return file.write(sources, offset, length);
  }

  @Override
  public int write(ByteBuffer source, long position) throws IOException {
    before(position, source.remaining());
    return file.write(source, position);
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count)
      throws IOException {
    before(position, count);
    return file.transferFrom(source, position, count);
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
    if (mode == MapMode.READ_WRITE) {
      before(position, size);
    }
    return file.map(mode, position, size);
  }

  @Override
  public synchronized FileChannel truncate(long size) throws IOException {
    file.truncate(size);
    return this; // what was counted stays counted, until the folder is looked at
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return inPieces(target, file::read);
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    return file.read(targets, offset, length);
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    return file.read(target, position);
  }

  @Override
  public long position() throws IOException {
    return file.position();
  }

  @Override
  public FileChannel position(long position) throws IOException {
    file.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    return file.size();
  }

  @Override
  public void force(boolean metaData) throws IOException {
    file.force(metaData);
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    return file.transferTo(position, count, target);
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) throws IOException {
    return file.lock(position, size, shared);
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    return file.tryLock(position, size, shared);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    quota.closed(this);
    file.close();
  }
}
