package io.aihub.benchmark.rival;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.aihub.testbed.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A database of the rivals' own on the PostgreSQL that the server uses. */
public final class RivalDatabase {

  private static final String NAME = "rivals";

  private final String url;
  private final String password;

  /** Makes the database. */
  public RivalDatabase(PostgresServer postgres) throws SQLException {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + NAME);
    }
    url = postgres.url().replaceFirst("/[^/]+$", "/" + NAME);
    password = postgres.password();
  }

  String url() {
    return url;
  }

  String user() {
    return PostgresServer.USER;
  }

  String password() {
    return password;
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url, user(), password);
  }

  /** A pool of connections, for rivals that need one. */
  HikariDataSource pool(int connections) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername(user());
    config.setPassword(password);
    config.setMaximumPoolSize(connections);
    return new HikariDataSource(config);
  }

  void execute(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
