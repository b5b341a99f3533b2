package io.unicoredask.camunda;

import java.util.Set;
import org.camunda.bpm.engine.impl.history.HistoryLevel;
import org.camunda.bpm.engine.impl.history.event.HistoricVariableUpdateEventEntity;
import org.camunda.bpm.engine.impl.history.event.HistoryEventType;
import org.camunda.bpm.engine.impl.history.event.HistoryEventTypes;

/**
 * The engine's history level, but of a cluster's outputs the last value only, not each that there
 * was before: a script that prints for a day, or a thousand jobs that come and go, would leave
 * gigabytes.
 */
class LastValuesHistory implements HistoryLevel {

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

  private final HistoryLevel engines;

  LastValuesHistory(HistoryLevel engines) {
    this.engines = engines;
  }

  @Override
  public int getId() {
    return engines.getId();
  }

  @Override
  public String getName() {
    return engines.getName();
  }

  @Override
  public boolean isHistoryEventProduced(HistoryEventType type, Object entity) {
    return engines.isHistoryEventProduced(type, entity)
        && !(type == HistoryEventTypes.VARIABLE_INSTANCE_UPDATE_DETAIL
            && entity instanceof HistoricVariableUpdateEventEntity update
            && LAST_VALUE_ONLY.contains(update.getVariableName()));
  }
}
