package io.aihub.queue.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.queue.entity.Lease;
import io.aihub.testing.TestDatabase;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Leases that are held while the server is updated. */
class LeaseMigrationTest {

  private final TestDatabase database = TestDatabase.createAt("10");

  private UUID insert(String state, String lines, String withdrawn) {
    UUID id = UUID.randomUUID();
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    """
                    insert into lease (id, sequence, state, machine_id, machine_name, worker,
                      task_id, segment_no, kind, lines, withdrawn, losses, expires_at, progress_at)
                    values (?, 3, ?, 1, 'tokyo-1', 'w1', 7, 2, 'RANGE', ?::bigint[], ?::bigint[], 0,
                      now(), now())
                    """,
                    id,
                    state,
                    lines,
                    withdrawn));
    return id;
  }

  @Test
  void linesThatStoodInArraysBecomeRanges() {
    UUID held = insert("HELD", "{11,12,13,15}", "{16,17}");
    UUID done = insert("DONE", "{}", "{}");

    database.migrateTo("latest");

    LeaseRepository leases = new LeaseRepository(database.jdbi());
    Lease lease = leases.find(held).orElseThrow();
    assertThat(lease.lines()).containsExactly(11L, 12L, 13L, 15L);
    assertThat(lease.withdrawn()).containsExactly(16L, 17L);
    assertThat(leases.find(done).orElseThrow().lines()).isEqualTo(List.of());
  }
}
