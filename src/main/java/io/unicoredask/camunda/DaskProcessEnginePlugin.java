package io.unicoredask.camunda;

import io.unicoredask.camunda.engine.EngineSetup;
import java.util.Set;
import java.util.function.Supplier;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.ProcessEngineConfiguration;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;

/**
 * Makes the engine treat the Dask activities of every process model as they need it, whether or not
 * the modeller thought of it ({@link DaskModelChanges}), keeps the plugin's tables in its database,
 * and its history small.
 */
public final class DaskProcessEnginePlugin extends AbstractProcessEnginePlugin {

  /**
   * The history keeps their last values: a script that prints for a day, or a thousand jobs that
   * come and go, would leave gigabytes.
   */
  private static final Set<String> LAST_VALUE_ONLY =
      Set.of(
          DaskVariables.CLUSTER_PROGRESS,
          DaskVariables.CONNECTED_WORKERS,
          DaskVariables.WORKER_JOB_URLS,
          DaskVariables.WORKER_JOB_STATUS,
          DaskVariables.WORKER_JOBS,
          DaskVariables.EXPECTED_START,
          DaskVariables.SCHEDULER_ENDS_AT,
          DaskVariables.CLUSTER_LOGS,
          ScriptVariables.OUTPUT);

  private final Supplier<DaskRuntime> runtime;

  /**
   * @param runtime what the activities work with; asked for when a process is deployed or runs
   */
  public DaskProcessEnginePlugin(Supplier<DaskRuntime> runtime) {
    this.runtime = runtime;
  }

  @Override
  public void preInit(ProcessEngineConfigurationImpl configuration) {
    EngineSetup engine = new EngineSetup(configuration);
    engine.changeModels(new DaskModelChanges(runtime));
    engine.repeatConflicts();
    engine.letExplanationsPass();
  }

  /** By then the engine knows who waits for a message. */
  @Override
  public void postInit(ProcessEngineConfigurationImpl configuration) {
    new EngineSetup(configuration).explainMessages(HistoricClusters::whyNobodyWaits);
  }

  /**
   * Makes the tables that are missing.
   *
   * @throws IllegalStateException if they cannot be made; the message has the statements that do
   */
  @Override
  public void postProcessEngineBuild(ProcessEngine engine) {
    ProcessEngineConfiguration configuration = engine.getProcessEngineConfiguration();
    new Schema(configuration).create();
    new EngineSetup(configuration).keepLastValuesOnly(LAST_VALUE_ONLY::contains);
  }
}
