package io.unicoredask.camunda.engine;

import org.camunda.bpm.engine.delegate.DelegateExecution;

/** What an activity does that waits to be signalled. */
public interface WaitState extends Behavior {

  /**
   * Goes on, or not.
   *
   * @param data what came with the signal; null for nothing
   * @param leave ends the activity, and does what comes next; until then it waits
   */
  void signal(DelegateExecution execution, Object data, Runnable leave);
}
