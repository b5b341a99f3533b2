package io.unicoredask.camunda.closed;

import io.unicoredask.camunda.engine.EngineSetup;
import java.util.Set;
import java.util.function.Function;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;

/**
 * Closes an engine to what its deployed processes, decisions and stored filters could run. Their
 * expressions see variables, what they are executed in, and the beans that are allowed; scripts in
 * any language, Java classes, and shell and mail tasks are refused.
 */
public final class ClosedProcesses extends AbstractProcessEnginePlugin {

  /** What every refusal ends with. */
  static final String WHY = "since the engine is closed (unicore-dask.processes.closed)";

  private final AllowedBeans beans;

  /**
   * @param names those of the beans that expressions may use
   * @param beans gives the bean of a name, when it is first used
   */
  public ClosedProcesses(Set<String> names, Function<String, Object> beans) {
    this.beans = new AllowedBeans(names, beans);
  }

  @Override
  public void preInit(ProcessEngineConfigurationImpl configuration) {
    EngineSetup engine = new EngineSetup(configuration);
    engine.limitExpressions(new ClosedExpressions(beans));
    engine.refuseScripts(WHY);
    engine.makeArtifacts(new NoClasses());
  }
}
