package io.unicoredask.camunda;

import io.unicoredask.SharedMappings;
import io.unicoredask.TestDatabase;
import java.util.Optional;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.ProcessEngineConfiguration;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;

/** An engine without Spring, on a database in memory that outlives it. */
final class MemoryEngine {

  private MemoryEngine() {}

  static ProcessEngine start(String name, ProcessEngineConfigurationImpl configuration) {
    configuration
        .setJdbcUrl("jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(name))
        .setJdbcDriver("org.h2.Driver")
        .setJdbcUsername("sa")
        .setJdbcPassword("");
    return build(name, configuration);
  }

  /** The same, but on the database that the environment names, if it names one. */
  static ProcessEngine startOnAnyDatabase(
      String name, ProcessEngineConfigurationImpl configuration) {
    Optional<TestDatabase> given = TestDatabase.given();
    given.ifPresent(database -> database.configure(configuration));
    return given.isPresent() ? build(name, configuration) : start(name, configuration);
  }

  private static ProcessEngine build(String name, ProcessEngineConfigurationImpl configuration) {
    configuration.getProcessEnginePlugins().add(new SharedMappings());
    return configuration
        .setProcessEngineName(name)
        .setDatabaseSchemaUpdate(ProcessEngineConfiguration.DB_SCHEMA_UPDATE_TRUE)
        .setJobExecutorActivate(false)
        .buildProcessEngine();
  }
}
