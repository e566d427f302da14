package io.aihub.benchmark.rival;

import io.aihub.benchmark.storage.SyntheticStorage;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/** The fastest way to rows: COPY of an index into a table that has but a number and the line. */
public final class CopyLoad {

  private final RivalDatabase database;

  public CopyLoad(RivalDatabase database) throws SQLException {
    this.database = database;
    database.execute(
        "create table line (id bigint generated always as identity primary key, text text not null)");
  }

  /** Fills the table anew with so many lines. */
  public double linesPerSecond(long lines) throws SQLException, IOException {
    database.execute("truncate line", "checkpoint");
    try (Connection connection = database.connect()) {
      long start = System.nanoTime();
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("copy line (text) from stdin", SyntheticStorage.lines(lines), 1 << 16);
      return lines / ((System.nanoTime() - start) / 1e9);
    }
  }
}
