package io.aihub.queue.control;

import io.aihub.shared.ConflictException;
import io.aihub.storage.control.ObjectAccessException;
import io.aihub.storage.control.ObjectAccessException.Problem;
import io.aihub.storage.control.ObjectStore;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import org.jdbi.v3.core.Jdbi;

/** Whether the index of a task still is what its segments were read from. */
@Dependent
public class PinnedIndex {

  private final Jdbi jdbi;
  private final ObjectStore store;

  @Inject
  public PinnedIndex(Jdbi jdbi, ObjectStore store) {
    this.jdbi = jdbi;
    this.store = store;
  }

  /** Where the text of the lines comes from, were they leased now. */
  private record Pin(String bucket, String key, String etag) {}

  /**
   * Looks into storage: not for a transaction. An index that has not been looked into yet passes.
   *
   * @throws ConflictException {@code index.missing}, {@code index.refused} or {@code
   *     retry.index.changed}
   * @throws io.aihub.shared.UnavailableException where storage does not answer
   */
  public void requireUnchanged(long taskId) {
    jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        select t.index_address, i.bucket, i.key, i.etag, i.source_etag,
                          i.source_etag is not null and not i.working_copy as copy_gone
                        from index_ingest i join download_task t on t.id = i.task_id
                        where i.task_id = :taskId and i.etag is not null
                        """)
                    .bind("taskId", taskId)
                    .map(
                        (row, context) -> {
                          if (!row.getBoolean("copy_gone")) {
                            return new Pin(
                                row.getString("bucket"),
                                row.getString("key"),
                                row.getString("etag"));
                          }
                          IndexAddress packed =
                              IndexAddress.parse(row.getString("index_address")).orElseThrow();
                          return new Pin(
                              packed.bucket(), packed.key(), row.getString("source_etag"));
                        })
                    .findOne())
        .ifPresent(this::requireUnchanged);
  }

  private void requireUnchanged(Pin pin) {
    try {
      String now = store.head(pin.bucket(), pin.key()).map(object -> object.etag()).orElse(null);
      if (now == null) {
        throw new ConflictException("index.missing");
      }
      if (!now.equals(pin.etag())) {
        throw new ConflictException("retry.index.changed");
      }
    } catch (ObjectAccessException refused) {
      throw new ConflictException(
          refused.problem() == Problem.REFUSED ? "index.refused" : "index.missing");
    }
  }
}
