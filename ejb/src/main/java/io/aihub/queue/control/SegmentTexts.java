package io.aihub.queue.control;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.aihub.queue.entity.SegmentId;
import io.aihub.storage.control.ObjectStore;
import io.aihub.task.api.IndexCharset;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import org.jdbi.v3.core.Jdbi;

/** The text of segments: read from storage by byte range, kept while it is in use. */
@ApplicationScoped
public class SegmentTexts {

  private static final Logger LOG = System.getLogger(SegmentTexts.class.getName());

  private Jdbi jdbi;
  private ObjectStore store;
  private Cache<SegmentId, SegmentText> cache;
  private final ConcurrentMap<SegmentId, CompletableFuture<SegmentText>> underWay =
      new ConcurrentHashMap<>();

  protected SegmentTexts() {} // for the CDI proxy

  @Inject
  public SegmentTexts(Jdbi jdbi, ObjectStore store, QueueSettings settings) {
    this.jdbi = jdbi;
    this.store = store;
    this.cache =
        Caffeine.newBuilder()
            .maximumWeight(settings.segmentCacheBytes())
            .weigher((SegmentId id, SegmentText text) -> text.weight())
            .build();
  }

  /** What is in memory already. */
  public Optional<SegmentText> cached(SegmentId id) {
    return Optional.ofNullable(cache.getIfPresent(id));
  }

  /**
   * Reads the text unless it is in memory. Several callers at once share one read. Not to be called
   * within a transaction: storage may be slow.
   *
   * @throws io.aihub.shared.UnavailableException where storage does not answer
   * @throws io.aihub.storage.control.ObjectAccessException where the index is gone, or not what it
   *     was
   */
  public SegmentText load(SegmentId id) {
    return cached(id).orElseGet(() -> share(id));
  }

  /** Begins to read the text in background unless it is in memory, or being read. */
  void readAhead(SegmentId id, WorkPool pool) {
    if (cached(id).isPresent() || underWay.containsKey(id)) {
      return;
    }
    try {
      pool.start(
          () -> {
            try {
              load(id);
            } catch (RuntimeException failure) {
              // whoever needs the text reads it again, and is told
              LOG.log(Level.DEBUG, "{0} could not be read ahead: {1}", id, failure);
            }
          });
    } catch (RejectedExecutionException noThread) {
      LOG.log(Level.DEBUG, "no thread to read {0} ahead", id);
    }
  }

  private SegmentText share(SegmentId id) {
    CompletableFuture<SegmentText> mine = new CompletableFuture<>();
    CompletableFuture<SegmentText> first = underWay.putIfAbsent(id, mine);
    if (first != null) {
      return await(first);
    }
    try {
      SegmentText text = cached(id).orElseGet(() -> read(id));
      cache.put(id, text);
      mine.complete(text);
      return text;
    } catch (RuntimeException failure) {
      mine.completeExceptionally(failure);
      throw failure;
    } finally {
      underWay.remove(id, mine);
    }
  }

  private static SegmentText await(CompletableFuture<SegmentText> first) {
    try {
      return first.join();
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failure;
    }
  }

  private SegmentText read(SegmentId id) {
    Place place = place(id);
    // a line that long stands in a segment of its own; the beginning shows that it is too long
    int length = (int) Math.min(place.byteLength(), IndexLine.MAX_BYTES + 2L);
    if (place.lineCount() > 1) {
      length = Math.toIntExact(place.byteLength());
    }
    byte[] bytes =
        store.read(place.bucket(), place.key(), place.byteOffset(), length, place.etag());
    return new SegmentText(place.firstLine(), place.lineCount(), place.charset().charset(), bytes);
  }

  private Place place(SegmentId id) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select i.bucket, i.key, i.etag, s.byte_offset, s.byte_length, s.first_line,
                      s.line_count, t.index_charset
                    from segment s
                    join index_ingest i on i.task_id = s.task_id
                    join download_task t on t.id = s.task_id
                    where s.task_id = :taskId and s.segment_no = :no
                    """)
                .bindMethods(id)
                .map(
                    (row, context) ->
                        new Place(
                            row.getString("bucket"),
                            row.getString("key"),
                            row.getString("etag"),
                            row.getLong("byte_offset"),
                            row.getLong("byte_length"),
                            row.getLong("first_line"),
                            row.getInt("line_count"),
                            IndexCharset.valueOf(row.getString("index_charset"))))
                .one());
  }

  private record Place(
      String bucket,
      String key,
      String etag,
      long byteOffset,
      long byteLength,
      long firstLine,
      int lineCount,
      IndexCharset charset) {}
}
