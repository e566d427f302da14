package io.aihub.queue.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aihub.testing.TestDatabase;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class DatabaseOutageTest {

  @Test
  void aDatabaseThatIsNotThereIsAnOutage() {
    PGSimpleDataSource nowhere = new PGSimpleDataSource();
    nowhere.setUrl("jdbc:postgresql://127.0.0.1:1/none");
    AtomicReference<Throwable> failure = new AtomicReference<>();

    assertThatThrownBy(() -> Jdbi.create(nowhere).useHandle(handle -> handle.execute("select 1")))
        .satisfies(failure::set);

    assertThat(DatabaseOutage.isOutage(failure.get())).isTrue();
  }

  @Test
  void aBackendThatIsShutDownIsAnOutageAndAWrongStatementIsNot() {
    Jdbi jdbi = TestDatabase.create().jdbi();
    AtomicReference<Throwable> killed = new AtomicReference<>();
    AtomicReference<Throwable> wrong = new AtomicReference<>();

    assertThatThrownBy(
            () ->
                jdbi.useHandle(
                    handle -> handle.execute("select pg_terminate_backend(pg_backend_pid())")))
        .satisfies(killed::set);
    assertThatThrownBy(() -> jdbi.useHandle(handle -> handle.execute("select nonsense")))
        .satisfies(wrong::set);

    assertThat(DatabaseOutage.isOutage(killed.get())).isTrue();
    assertThat(DatabaseOutage.isOutage(wrong.get())).isFalse();
  }
}
