package io.aihub.shared;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.postgres.PostgresPlugin;

/**
 * The application's PostgreSQL and the two ways to it: JPA (through {@code persistence.xml}) for
 * what people edit, {@link Jdbi} for the queue. Both use this data source, so they take part in one
 * container transaction.
 */
@ApplicationScoped
public class Database {

  public static final String JNDI_NAME = "java:app/jdbc/aihub";

  @Resource(lookup = JNDI_NAME)
  private DataSource dataSource;

  @Produces
  @Singleton // not a scope with proxies: Jdbi has final methods
  Jdbi jdbi() {
    return Jdbi.create(dataSource).installPlugin(new PostgresPlugin());
  }
}
