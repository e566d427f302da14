package io.aihub.queue.control;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.PGConnection;

/**
 * Statements that the driver sends to PostgreSQL together, and whose answers come back together. A
 * batch of leases is worked out while every caller waits for it, so what it waits for most is the
 * way to the database and back. PostgreSQL carries them out in their order, within the caller's
 * transaction; where one fails, none of those after it is carried out.
 *
 * <p>Plain JDBC: JDBI knows no statement with several results.
 */
final class RoundTrip {

  private final Jdbi jdbi;
  private final StringBuilder sql = new StringBuilder(2048);
  private final List<Object> parameters = new ArrayList<>();
  private final List<Question<?>> questions = new ArrayList<>(); // null: a statement without rows

  RoundTrip(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** Reads one row. */
  @FunctionalInterface
  interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** A parameter that is an array. */
  private record SqlArray(String type, Object elements) {}

  /** A column of rows to be unnested, as is every array made here. */
  static <R> Object bigints(Collection<R> rows, ToLongFunction<R> value) {
    return new SqlArray("bigint", rows.stream().mapToLong(value).toArray());
  }

  static Object bigints(long[] values) {
    return new SqlArray("bigint", values);
  }

  static <R> Object integers(Collection<R> rows, ToIntFunction<R> value) {
    return new SqlArray("integer", rows.stream().mapToInt(value).toArray());
  }

  static <R> Object texts(Collection<R> rows, Function<R, String> value) {
    return new SqlArray("text", rows.stream().map(value).toArray(String[]::new));
  }

  static <R> Object uuids(Collection<R> rows, Function<R, UUID> value) {
    return new SqlArray("uuid", rows.stream().map(value).toArray(UUID[]::new));
  }

  static <R> Object byteStrings(Collection<R> rows, Function<R, byte[]> value) {
    return new SqlArray("bytea", rows.stream().map(value).toArray(byte[][]::new));
  }

  /** A query whose rows can be had once the trip was made. */
  static final class Question<T> {

    private final RowReader<T> reader;
    private final List<T> rows = new ArrayList<>();

    private Question(RowReader<T> reader) {
      this.reader = reader;
    }

    /** A question that need not be asked, because nothing can come of it. */
    static <T> Question<T> unasked() {
      return new Question<>(row -> null);
    }

    private void read(ResultSet answer) throws SQLException {
      while (answer.next()) {
        rows.add(reader.read(answer));
      }
    }

    List<T> rows() {
      return rows;
    }
  }

  /**
   * Adds a query.
   *
   * @param query with a question mark for each parameter
   * @param values arrays as made here, {@link Instant}s, and what JDBC takes as it is
   */
  <T> Question<T> ask(String query, RowReader<T> reader, Object... values) {
    Question<T> question = new Question<>(reader);
    add(query, question, values);
    return question;
  }

  /** Adds a statement that changes rows. */
  void tell(String statement, Object... values) {
    add(statement, null, values);
  }

  private void add(String statement, Question<?> question, Object... values) {
    sql.append(sql.isEmpty() ? "" : ";\n").append(statement);
    parameters.addAll(Arrays.asList(values));
    questions.add(question);
  }

  /** Sends all that was added; does nothing where that is nothing. */
  void make() {
    if (questions.isEmpty()) {
      return;
    }
    jdbi.useHandle(
        handle -> {
          try {
            make(handle.getConnection());
          } catch (SQLException failure) {
            throw new IllegalStateException("PostgreSQL refused a statement", failure);
          }
        });
  }

  private void make(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
      for (int i = 0; i < parameters.size(); i++) {
        bind(statement, i + 1, parameters.get(i));
      }
      statement.execute();
      for (int i = 0; i < questions.size(); i++) {
        if (i > 0) {
          statement.getMoreResults();
        }
        if (questions.get(i) != null) {
          try (ResultSet answer = statement.getResultSet()) {
            questions.get(i).read(answer);
          }
        }
      }
    }
  }

  private static void bind(PreparedStatement statement, int index, Object value)
      throws SQLException {
    if (value instanceof SqlArray array) {
      PGConnection postgres = statement.getConnection().unwrap(PGConnection.class);
      statement.setArray(index, postgres.createArrayOf(array.type(), array.elements()));
    } else if (value instanceof Instant instant) {
      statement.setObject(index, instant.atOffset(ZoneOffset.UTC), Types.TIMESTAMP_WITH_TIMEZONE);
    } else {
      statement.setObject(index, value);
    }
  }
}
