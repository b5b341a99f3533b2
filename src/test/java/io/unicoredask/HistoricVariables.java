package io.unicoredask;

import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.history.HistoricVariableInstance;

/** What variables of process instances were last, whether or not the instances still run. */
public final class HistoricVariables {

  private HistoricVariables() {}

  /** Null if there was none. */
  public static Object last(HistoryService history, String instance, String name) {
    HistoricVariableInstance found =
        history
            .createHistoricVariableInstanceQuery()
            .processInstanceId(instance)
            .variableName(name)
            .singleResult();
    return found == null ? null : found.getValue();
  }
}
