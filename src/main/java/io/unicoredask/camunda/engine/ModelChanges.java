package io.unicoredask.camunda.engine;

import java.util.List;

/** Told of what is in a process model, whenever the engine reads one, to change it. */
public interface ModelChanges {

  /**
   * A service task.
   *
   * @param delegateExpression what does it; null if something else does
   */
  void serviceTask(ModelActivity task, String delegateExpression);

  /**
   * A call activity.
   *
   * @param variableMapping the delegate expression that maps its variables; null if none does
   */
  void callActivity(ModelActivity call, String variableMapping);

  /** A message event that is attached to an activity. */
  void boundaryMessage(ModelActivity event);

  /**
   * A start event.
   *
   * @param isMessage whether it waits for a message
   * @param listeners the delegate expressions of its execution listeners
   */
  void startEvent(ModelActivity event, boolean isMessage, List<String> listeners);

  /** All of a process, which is read to its end: what leads where is known. */
  void process(List<ModelActivity> activities);
}
