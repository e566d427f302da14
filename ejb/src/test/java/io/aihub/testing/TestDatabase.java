package io.aihub.testing;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.postgres.PostgresPlugin;

/** A real PostgreSQL with the real schema; one server a JVM, a database of its own a test class. */
public final class TestDatabase {

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final EmbeddedPostgres SERVER = start();

  private final DataSource direct;
  private final DataSource dataSource;
  private final Jdbi jdbi;

  private TestDatabase(DataSource direct) {
    this.direct = direct;
    this.dataSource = pooled(direct);
    this.jdbi = Jdbi.create(dataSource).installPlugin(new PostgresPlugin());
  }

  private static EmbeddedPostgres start() {
    try {
      return EmbeddedPostgres.builder()
          .setServerConfig("fsync", "off")
          .setServerConfig("max_connections", "200")
          .start();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A new database, migrated. */
  public static TestDatabase create() {
    return createAt("latest");
  }

  /** A new database with the schema of a version, for tests of the migrations after it. */
  public static TestDatabase createAt(String version) {
    String name = "test_" + COUNT.incrementAndGet();
    Jdbi.create(SERVER.getPostgresDatabase())
        .useHandle(handle -> handle.execute("create database " + name));
    DataSource dataSource = SERVER.getDatabase("postgres", name);
    TestDatabase database = new TestDatabase(dataSource);
    database.migrateTo(version);
    return database;
  }

  /** Migrates to a later version. */
  public void migrateTo(String version) {
    Flyway.configure()
        .dataSource(direct)
        .locations("classpath:db/migration")
        .target(version)
        .load()
        .migrate();
  }

  /** Connections are kept while they are in use again and again, as the server's are. */
  private static HikariDataSource pooled(DataSource dataSource) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(dataSource);
    config.setMinimumIdle(0);
    config.setMaximumPoolSize(64);
    config.setIdleTimeout(Duration.ofSeconds(10).toMillis());
    return new HikariDataSource(config);
  }

  /** A way to this database for one server alone: connections that can be cut under its hands. */
  public ServerConnections connections() {
    return new ServerConnections(pooled(direct));
  }

  public DataSource dataSource() {
    return dataSource;
  }

  public Jdbi jdbi() {
    return jdbi;
  }
}
