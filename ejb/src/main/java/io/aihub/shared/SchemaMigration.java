package io.aihub.shared;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.annotation.sql.DataSourceDefinition;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/**
 * Brings the schema up to date before anything else starts; two servers at once are serialised by
 * Flyway's own lock. The data source is defined here because Payara looks for definitions on EJBs
 * and servlets only, not on other CDI beans.
 *
 * <p>Prepared statements keep one plan: left to itself, PostgreSQL plans those with arrays anew
 * each time, which took as long as all the rest that a lease costs it (ADR 15).
 */
@DataSourceDefinition(
    name = Database.JNDI_NAME,
    className = "org.postgresql.ds.PGSimpleDataSource",
    url = "${MPCONFIG=aihub.database.url}",
    user = "${MPCONFIG=aihub.database.user}",
    password = "${MPCONFIG=aihub.database.password}",
    properties = "options=-c plan_cache_mode=force_generic_plan",
    minPoolSize = 4,
    maxPoolSize = 64)
@Singleton
@Startup
@TransactionManagement(TransactionManagementType.BEAN)
public class SchemaMigration {

  @Resource(lookup = Database.JNDI_NAME)
  private DataSource dataSource;

  @PostConstruct
  void migrate() {
    Flyway.configure(SchemaMigration.class.getClassLoader())
        .dataSource(dataSource)
        .locations("classpath:db/migration")
        .load()
        .migrate();
  }
}
