package io.unicoredask.camunda;

import io.unicoredask.camunda.engine.ConflictRetries;
import io.unicoredask.camunda.engine.EngineSetup;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.interceptor.CommandInterceptor;

/**
 * Makes the engine treat the Dask activities of every process model as they need it, whether or not
 * the modeller thought of it ({@link DaskModelChanges}), keeps the plugin's tables in its database,
 * and its history small.
 */
public final class DaskProcessEnginePlugin extends AbstractProcessEnginePlugin {

  private final Supplier<DaskRuntime> runtime;

  /**
   * @param runtime what the activities work with; asked for when a process is deployed or runs
   */
  public DaskProcessEnginePlugin(Supplier<DaskRuntime> runtime) {
    this.runtime = runtime;
  }

  @Override
  public void preInit(ProcessEngineConfigurationImpl configuration) {
    new EngineSetup(configuration).changeModels(new DaskModelChanges(runtime));
    configuration.setCustomPreCommandInterceptorsTxRequired(
        with(
            List.of(new ExplainingCorrelationHandler.Interceptor(), new ConflictRetries()),
            configuration.getCustomPreCommandInterceptorsTxRequired()));
  }

  private static List<CommandInterceptor> with(
      List<CommandInterceptor> first, List<CommandInterceptor> others) {
    List<CommandInterceptor> all = new ArrayList<>(first);
    if (others != null) {
      all.addAll(others);
    }
    return all;
  }

  /** By then the engine has its own. */
  @Override
  public void postInit(ProcessEngineConfigurationImpl configuration) {
    configuration.setCorrelationHandler(
        new ExplainingCorrelationHandler(configuration.getCorrelationHandler()));
  }

  /**
   * Makes the tables that are missing.
   *
   * @throws IllegalStateException if they cannot be made; the message has the statements that do
   */
  @Override
  public void postProcessEngineBuild(ProcessEngine engine) {
    ProcessEngineConfigurationImpl configuration =
        (ProcessEngineConfigurationImpl) engine.getProcessEngineConfiguration();
    new Schema(configuration).create();
    configuration.setHistoryLevel(new LastValuesHistory(configuration.getHistoryLevel()));
  }
}
