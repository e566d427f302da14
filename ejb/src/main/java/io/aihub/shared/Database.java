package io.aihub.shared;

import jakarta.annotation.Resource;
import jakarta.annotation.sql.DataSourceDefinition;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.postgres.PostgresPlugin;

/**
 * The application's PostgreSQL and the two ways to it: JPA (through {@code persistence.xml}) for
 * what people edit, {@link Jdbi} for the queue. Both use this data source, so they take part in one
 * container transaction.
 */
@DataSourceDefinition(
    name = Database.JNDI_NAME,
    className = "org.postgresql.ds.PGSimpleDataSource",
    url = "${MPCONFIG=aihub.database.url}",
    user = "${MPCONFIG=aihub.database.user}",
    password = "${MPCONFIG=aihub.database.password}",
    minPoolSize = 4,
    maxPoolSize = 64)
@ApplicationScoped
public class Database {

  public static final String JNDI_NAME = "java:app/jdbc/aihub";

  @Resource(lookup = JNDI_NAME)
  private DataSource dataSource;

  @Produces
  @ApplicationScoped
  Jdbi jdbi() {
    return Jdbi.create(dataSource).installPlugin(new PostgresPlugin());
  }
}
