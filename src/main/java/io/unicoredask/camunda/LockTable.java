package io.unicoredask.camunda;

import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.provider.jdbctemplate.JdbcTemplateLockProvider;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.ProcessEngineConfiguration;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.db.sql.DbSqlSessionFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The table in the engine's database by which its nodes agree on who does what. Made when it is
 * missing, unless the engine may not change its schema either ({@code databaseSchemaUpdate =
 * false}).
 */
class LockTable {

  private final JdbcTemplate database;
  private final String name;

  LockTable(ProcessEngine engine) {
    ProcessEngineConfigurationImpl configuration =
        (ProcessEngineConfigurationImpl) engine.getProcessEngineConfiguration();
    this.database = new JdbcTemplate(configuration.getDataSource());
    this.name = configuration.getDatabaseTablePrefix() + "UNICORE_DASK_LOCK";
    if (!exists()) {
      create(configuration);
    }
  }

  /**
   * Locks by name, measured by the database's clock.
   *
   * @param node the one that locks; no other node has this name
   */
  LockProvider locks(String node) {
    return new JdbcTemplateLockProvider(
        JdbcTemplateLockProvider.Configuration.builder()
            .withJdbcTemplate(database)
            .withTableName(name)
            .withLockedByValue(node)
            .usingDbTime()
            .build());
  }

  private boolean exists() {
    try {
      database.queryForObject("SELECT COUNT(*) FROM " + name, Integer.class);
      return true;
    } catch (DataAccessException e) {
      return false;
    }
  }

  private void create(ProcessEngineConfigurationImpl configuration) {
    String time =
        DbSqlSessionFactory.MSSQL.equals(configuration.getDatabaseType())
            ? "DATETIME2"
            : "TIMESTAMP(3)";
    String definition =
        ("CREATE TABLE %s (name VARCHAR(64) NOT NULL, lock_until %s NOT NULL, locked_at %s NOT NULL,"
                + " locked_by VARCHAR(255) NOT NULL, PRIMARY KEY (name))")
            .formatted(name, time, time);
    if (ProcessEngineConfiguration.DB_SCHEMA_UPDATE_FALSE.equals(
        configuration.getDatabaseSchemaUpdate())) {
      throw new IllegalStateException(
          "the engine's database has no table %s, and may not be changed; create it: %s"
              .formatted(name, definition));
    }
    try {
      database.execute(definition);
    } catch (DataAccessException e) {
      if (!exists()) {
        throw new IllegalStateException(
            "table %s could not be created in the engine's database; create it: %s"
                .formatted(name, definition),
            e);
      }
    }
  }
}
