package io.unicoredask.camunda;

import java.util.List;
import org.camunda.bpm.engine.delegate.BaseDelegateExecution;
import org.camunda.bpm.engine.delegate.DelegateListener;
import org.camunda.bpm.engine.delegate.ExecutionListener;
import org.camunda.bpm.engine.impl.bpmn.listener.DelegateExpressionExecutionListener;
import org.camunda.bpm.engine.impl.pvm.process.ActivityImpl;

/** Puts a listener in the place of the expression that a model names it with. */
final class ListenerReplacement {

  private ListenerReplacement() {}

  static void replace(ActivityImpl activity, ExecutionListener listener) {
    List<DelegateListener<? extends BaseDelegateExecution>> listeners =
        activity.getListeners(ExecutionListener.EVENTNAME_START);
    replace(listeners, listener);
    replace(activity.getBuiltInListeners(ExecutionListener.EVENTNAME_START), listener);
  }

  private static void replace(
      List<DelegateListener<? extends BaseDelegateExecution>> listeners,
      ExecutionListener listener) {
    listeners.replaceAll(
        one ->
            one instanceof DelegateExpressionExecutionListener expression
                    && expression.getExpressionText().contains(DaskActivity.CHECK_REQUEST)
                ? listener
                : one);
  }
}
