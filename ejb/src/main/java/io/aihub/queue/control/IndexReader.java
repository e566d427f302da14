package io.aihub.queue.control;

import io.aihub.shared.UnavailableException;
import io.aihub.storage.control.ObjectAccessException;
import io.aihub.storage.control.ObjectStore;
import io.aihub.storage.control.StoredObject;
import io.aihub.task.api.IndexCharset;
import io.aihub.task.api.TaskView;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jdbi.v3.core.Jdbi;
import software.amazon.awssdk.core.ResponseInputStream;

/**
 * Reads an index once, from wherever it was left, and records its segments. A packed one is
 * unpacked into a working copy first, because only of that can ranges be read.
 */
@Dependent
public class IndexReader {

  /** How long a claim lives unless kept; a reader that dies is replaced after this. */
  public static final Duration CLAIM = Duration.ofSeconds(60);

  private static final int BUFFER_BYTES = 256 * 1024;
  private static final int BATCH_SEGMENTS = 50;
  private static final Duration BATCH_TIME = Duration.ofSeconds(1);
  private static final byte[] GZIP = {0x1f, (byte) 0x8b};
  private static final byte[] UTF_8_BOM = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
  private static final byte[] GB18030_BOM = {(byte) 0x84, 0x31, (byte) 0x95, 0x33};

  private final Jdbi jdbi;
  private final ObjectStore store;
  private final IngestRepository ingests;
  private final Transactions transactions;
  private final Clock clock;

  @Inject
  public IndexReader(
      Jdbi jdbi,
      ObjectStore store,
      IngestRepository ingests,
      Transactions transactions,
      Clock clock) {
    this.jdbi = jdbi;
    this.store = store;
    this.ingests = ingests;
    this.transactions = transactions;
    this.clock = clock;
  }

  /** What a person has to mend before the index can be read. */
  public static final class UnusableIndexException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String code;

    UnusableIndexException(String code) {
      super(code);
      this.code = code;
    }

    /** Key of the reason in the {@code errors} bundle. */
    public String code() {
      return code;
    }
  }

  /**
   * Reads to the end.
   *
   * @throws UnusableIndexException where the index is empty or damaged
   * @throws ObjectAccessException where it is missing, changed or refused
   * @throws UnavailableException where storage does not answer; what was recorded stays
   * @throws IngestRepository.ClaimLostException where somebody else has taken over
   */
  public void read(Ingest claimed) throws UnusableIndexException {
    if (claimed.lacksCopy()) {
      copyAgain(claimed);
      return;
    }
    Ingest ingest = claimed.isNew() ? pin(claimed) : claimed;
    IndexSplitter splitter =
        new IndexSplitter(ingest.position(), ingest.lines(), ingest.segments());
    if (ingest.position() < ingest.size()) {
      ResponseInputStream<?> text =
          store.open(ingest.bucket(), ingest.key(), ingest.position(), ingest.etag());
      try {
        split(ingest, text, splitter);
      } catch (IOException broken) {
        throw unavailable(broken);
      } finally {
        text.abort(); // does nothing after the end
      }
    }
    splitter.end();
    record(ingest, splitter, true);
  }

  private void split(Ingest ingest, InputStream text, IndexSplitter splitter) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    Instant recorded = Instant.EPOCH; // so that the first segment can be had at once
    int length;
    while ((length = text.read(buffer)) >= 0) {
      splitter.add(buffer, length);
      Instant now = clock.instant();
      boolean late = Duration.between(recorded, now).compareTo(BATCH_TIME) >= 0;
      if (splitter.finishedCount() >= BATCH_SEGMENTS || (splitter.finishedCount() > 0 && late)) {
        record(ingest, splitter, false);
        recorded = now;
      }
    }
  }

  private void record(Ingest ingest, IndexSplitter splitter, boolean atEnd) {
    var segments = splitter.takeFinished();
    transactions.call(
        () -> {
          ingests.record(ingest, segments, atEnd, clock.instant().plus(CLAIM));
          return null;
        });
  }

  /** Settles what will be read, and where its first line begins. */
  private Ingest pin(Ingest ingest) throws UnusableIndexException {
    IndexAddress address =
        IndexAddress.parse(ingest.indexAddress())
            .orElseThrow(() -> new UnusableIndexException("index.address"));
    StoredObject index = require(address.bucket(), address.key());
    if (index.size() == 0) {
      throw new UnusableIndexException("index.empty");
    }
    String bucket = address.bucket();
    String key = address.key();
    StoredObject text = index;
    boolean packed =
        startsWith(store.read(bucket, key, 0, GZIP.length, index.etag()), GZIP)
            || key.endsWith(".gz");
    if (packed) {
      unpack(ingest, address, index);
      bucket = store.targetBucket();
      key = unpackedKey(ingest);
      text = require(bucket, key);
    }
    long position = text.size() == 0 ? 0 : bomLength(bucket, key, text, charset(ingest.taskId()));
    if (text.size() <= position) {
      throw new UnusableIndexException("index.empty");
    }
    String sourceEtag = packed ? index.etag() : null;
    ingests.pin(ingest, bucket, key, text.etag(), text.size(), position, sourceEtag);
    return new Ingest(
        ingest.taskId(),
        ingest.claim(),
        "READING",
        ingest.indexAddress(),
        bucket,
        key,
        text.etag(),
        text.size(),
        position,
        0,
        0,
        sourceEtag);
  }

  /** Unpacks an index once more, whose segments are known and whose working copy is gone. */
  private void copyAgain(Ingest ingest) throws UnusableIndexException {
    IndexAddress address =
        IndexAddress.parse(ingest.indexAddress())
            .orElseThrow(() -> new UnusableIndexException("index.address"));
    StoredObject index = require(address.bucket(), address.key());
    if (!index.etag().equals(ingest.sourceEtag())) {
      throw changed(address);
    }
    unpack(ingest, address, index);
    StoredObject text = require(ingest.bucket(), ingest.key());
    if (text.size() != ingest.size()) {
      throw changed(address);
    }
    ingests.copied(ingest, text.etag());
  }

  private static ObjectAccessException changed(IndexAddress address) {
    return new ObjectAccessException(
        ObjectAccessException.Problem.CHANGED, address.bucket() + "/" + address.key(), null);
  }

  private StoredObject require(String bucket, String key) {
    return store
        .head(bucket, key)
        .orElseThrow(
            () ->
                new ObjectAccessException(
                    ObjectAccessException.Problem.MISSING, bucket + "/" + key, null));
  }

  private IndexCharset charset(long taskId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select index_charset from download_task where id = :id")
                .bind("id", taskId)
                .mapTo(IndexCharset.class)
                .one());
  }

  private long bomLength(String bucket, String key, StoredObject text, IndexCharset charset) {
    byte[] bom = charset == IndexCharset.UTF_8 ? UTF_8_BOM : GB18030_BOM;
    return startsWith(store.read(bucket, key, 0, bom.length, text.etag()), bom) ? bom.length : 0;
  }

  private static boolean startsWith(byte[] bytes, byte[] beginning) {
    return bytes.length >= beginning.length
        && Arrays.equals(bytes, 0, beginning.length, beginning, 0, beginning.length);
  }

  private static String unpackedKey(Ingest ingest) {
    return TaskView.OWN_FOLDER + "/work/" + ingest.taskId() + "/index";
  }

  private void unpack(Ingest ingest, IndexAddress address, StoredObject index)
      throws UnusableIndexException {
    ResponseInputStream<?> packed = store.open(address.bucket(), address.key(), 0, index.etag());
    CountingStream counting = new CountingStream(packed);
    try {
      store.write(
          store.targetBucket(),
          unpackedKey(ingest),
          new GZIPInputStream(counting, BUFFER_BYTES),
          () -> ingests.keep(ingest, clock.instant().plus(CLAIM)));
    } catch (ZipException damaged) {
      throw new UnusableIndexException("index.corrupt");
    } catch (EOFException early) {
      if (counting.count == index.size()) {
        throw new UnusableIndexException("index.corrupt");
      }
      throw unavailable(early);
    } catch (IOException broken) {
      throw unavailable(broken);
    } finally {
      packed.abort();
    }
  }

  private static UnavailableException unavailable(IOException cause) {
    UnavailableException unavailable = new UnavailableException("storage.unavailable");
    unavailable.initCause(cause);
    return unavailable;
  }

  /** Tells a file that is cut short from a connection that is. */
  private static final class CountingStream extends FilterInputStream {

    private long count;

    CountingStream(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      count += one < 0 ? 0 : 1;
      return one;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = super.read(bytes, offset, length);
      count += Math.max(read, 0);
      return read;
    }
  }
}
