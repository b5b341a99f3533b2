package io.unicoredask.camunda.engine;

import java.util.function.Predicate;
import org.camunda.bpm.engine.impl.history.HistoryLevel;
import org.camunda.bpm.engine.impl.history.event.HistoricVariableUpdateEventEntity;
import org.camunda.bpm.engine.impl.history.event.HistoryEventType;
import org.camunda.bpm.engine.impl.history.event.HistoryEventTypes;

/**
 * The engine's history level, but of some variables the last value only, not each that there was
 * before.
 */
final class LastValuesHistory implements HistoryLevel {

  private final HistoryLevel engines;
  private final Predicate<String> lastValueOnly;

  /**
   * @param engines what it is otherwise
   * @param lastValueOnly takes the name of a variable
   */
  LastValuesHistory(HistoryLevel engines, Predicate<String> lastValueOnly) {
    this.engines = engines;
    this.lastValueOnly = lastValueOnly;
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
            && lastValueOnly.test(update.getVariableName()));
  }
}
