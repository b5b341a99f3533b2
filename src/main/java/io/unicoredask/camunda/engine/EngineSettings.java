package io.unicoredask.camunda.engine;

import java.util.List;
import java.util.Optional;
import org.camunda.bpm.engine.ProcessEngineConfiguration;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;

/** How an engine is configured, as far as {@link ProcessEngineConfiguration} does not tell. */
public final class EngineSettings {

  private final ProcessEngineConfigurationImpl engine;

  /**
   * @param engine whose they are
   */
  public EngineSettings(ProcessEngineConfiguration engine) {
    this.engine = (ProcessEngineConfigurationImpl) engine;
  }

  /** What the names of its tables begin with. */
  public String tablePrefix() {
    return engine.getDatabaseTablePrefix();
  }

  /** What its log calls the id of a process instance; nothing if it does not say it. */
  public Optional<String> loggedInstance() {
    return Optional.ofNullable(engine.getLoggingContextProcessInstanceId());
  }

  /** What its log calls a business key; nothing if it does not say it. */
  public Optional<String> loggedBusinessKey() {
    return Optional.ofNullable(engine.getLoggingContextBusinessKey());
  }

  /** The users who may do everything. */
  public List<String> adminUsers() {
    return engine.getAdminUsers();
  }

  /** The groups whose members may do everything. */
  public List<String> adminGroups() {
    return engine.getAdminGroups();
  }
}
