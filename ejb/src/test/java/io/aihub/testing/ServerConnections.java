package io.aihub.testing;

import com.zaxxer.hikari.HikariDataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.postgres.PostgresPlugin;

/** The connections of one server. When they are cut, it is as if the server had died. */
public final class ServerConnections implements AutoCloseable {

  private final HikariDataSource pool;
  private final Jdbi jdbi;

  ServerConnections(HikariDataSource pool) {
    this.pool = pool;
    this.jdbi = Jdbi.create(pool).installPlugin(new PostgresPlugin());
  }

  public Jdbi jdbi() {
    return jdbi;
  }

  /** Ends every transaction where it stands, and lets none begin. */
  @Override
  public void close() {
    pool.close();
  }
}
