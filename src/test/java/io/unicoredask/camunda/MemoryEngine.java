package io.unicoredask.camunda;

import io.unicoredask.SharedMappings;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.ProcessEngineConfiguration;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;

/** An engine without Spring, on a database in memory that outlives it. */
final class MemoryEngine {

  private MemoryEngine() {}

  static ProcessEngine start(String name, ProcessEngineConfigurationImpl configuration) {
    configuration.getProcessEnginePlugins().add(new SharedMappings());
    return configuration
        .setProcessEngineName(name)
        .setJdbcUrl("jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(name))
        .setJdbcDriver("org.h2.Driver")
        .setJdbcUsername("sa")
        .setJdbcPassword("")
        .setDatabaseSchemaUpdate(ProcessEngineConfiguration.DB_SCHEMA_UPDATE_TRUE)
        .setJobExecutorActivate(false)
        .buildProcessEngine();
  }
}
