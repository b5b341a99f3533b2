package io.unicoredask.camunda.engine;

import java.util.ArrayList;
import java.util.List;
import org.camunda.bpm.engine.ProcessEngineConfiguration;
import org.camunda.bpm.engine.impl.bpmn.parser.BpmnParseListener;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;

/** What an engine plugin makes of the engine, each in the step of its start that is named. */
public final class EngineSetup {

  private final ProcessEngineConfigurationImpl engine;

  /**
   * @param engine which is starting
   */
  public EngineSetup(ProcessEngineConfiguration engine) {
    this.engine = (ProcessEngineConfigurationImpl) engine;
  }

  /** {@code preInit}: has models changed, before any other listener sees them. */
  public void changeModels(ModelChanges changes) {
    List<BpmnParseListener> listeners = engine.getCustomPreBPMNParseListeners();
    if (listeners == null) {
      listeners = new ArrayList<>();
      engine.setCustomPreBPMNParseListeners(listeners);
    }
    listeners.add(new ModelReader(changes));
  }
}
