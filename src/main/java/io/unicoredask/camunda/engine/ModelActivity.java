package io.unicoredask.camunda.engine;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.camunda.bpm.engine.delegate.BaseDelegateExecution;
import org.camunda.bpm.engine.delegate.DelegateListener;
import org.camunda.bpm.engine.delegate.DelegateVariableMapping;
import org.camunda.bpm.engine.delegate.ExecutionListener;
import org.camunda.bpm.engine.impl.bpmn.behavior.CallActivityBehavior;
import org.camunda.bpm.engine.impl.bpmn.behavior.ErrorEndEventActivityBehavior;
import org.camunda.bpm.engine.impl.bpmn.behavior.ExclusiveGatewayActivityBehavior;
import org.camunda.bpm.engine.impl.bpmn.behavior.NoneEndEventActivityBehavior;
import org.camunda.bpm.engine.impl.bpmn.behavior.ParallelGatewayActivityBehavior;
import org.camunda.bpm.engine.impl.bpmn.helper.BpmnProperties;
import org.camunda.bpm.engine.impl.bpmn.listener.DelegateExpressionExecutionListener;
import org.camunda.bpm.engine.impl.bpmn.parser.DefaultFailedJobParseListener;
import org.camunda.bpm.engine.impl.pvm.delegate.ActivityBehavior;
import org.camunda.bpm.engine.impl.pvm.process.ActivityImpl;
import org.camunda.bpm.engine.impl.pvm.process.ActivityStartBehavior;
import org.camunda.bpm.engine.impl.pvm.process.ScopeImpl;
import org.camunda.bpm.engine.impl.util.ParseUtil;

/**
 * An activity, event or gateway of a process model. Two are equal if they are the same in one model
 * that is being read.
 */
public final class ModelActivity {

  private final ActivityImpl activity;

  ModelActivity(ActivityImpl activity) {
    this.activity = activity;
  }

  static List<ModelActivity> in(ScopeImpl scope) {
    return scope.getActivities().stream().map(ModelActivity::new).toList();
  }

  /** Its type, as {@code ActivityTypes} has them; nothing if it has none. */
  public Optional<String> type() {
    return Optional.ofNullable(activity.getProperties().get(BpmnProperties.TYPE));
  }

  /** What it does, if that was put into it; nothing if the engine itself knows what it does. */
  public Optional<Behavior> behavior() {
    return activity.getActivityBehavior() instanceof EngineBehavior ours
        ? Optional.of(ours.behavior())
        : Optional.empty();
  }

  /** Whether its token goes on at once, to one or to all of what is next. */
  public boolean isGateway() {
    ActivityBehavior behavior = activity.getActivityBehavior();
    return behavior instanceof ExclusiveGatewayActivityBehavior
        || behavior instanceof ParallelGatewayActivityBehavior;
  }

  /** Whether it is an end event that does nothing but end. */
  public boolean isPlainEnd() {
    return activity.getActivityBehavior().getClass() == NoneEndEventActivityBehavior.class
        && activity.getOutgoingTransitions().isEmpty();
  }

  /** Whether it is an end event that throws an error. */
  public boolean isErrorEnd() {
    return activity.getActivityBehavior() instanceof ErrorEndEventActivityBehavior;
  }

  /** Whether it is an event subprocess that does not interrupt what it is in. */
  public boolean isBesideOthers() {
    return activity.isTriggeredByEvent()
        && activity.getActivityStartBehavior() == ActivityStartBehavior.CONCURRENT_IN_FLOW_SCOPE;
  }

  /** Whether a transaction ends before it. */
  public boolean isAsyncBefore() {
    return activity.isAsyncBefore();
  }

  /** What its sequence flows lead to. */
  public List<ModelActivity> next() {
    return activity.getOutgoingTransitions().stream()
        .map(flow -> new ModelActivity((ActivityImpl) flow.getDestination()))
        .toList();
  }

  /** The subprocess that it is in; nothing if it is in the process itself. */
  public Optional<ModelActivity> parent() {
    return activity(activity.getFlowScope());
  }

  /** What it is attached to, as an event on its boundary; nothing if it is no such event. */
  public Optional<ModelActivity> attachedTo() {
    return activity(activity.getEventScope())
        .filter(attached -> attached.activity.getFlowScope() == activity.getFlowScope());
  }

  private static Optional<ModelActivity> activity(ScopeImpl scope) {
    return scope instanceof ActivityImpl one
        ? Optional.of(new ModelActivity(one))
        : Optional.empty();
  }

  /** What a subprocess begins with; nothing if it is none. */
  public Optional<ModelActivity> first() {
    return Optional.ofNullable(activity.getProperties().get(BpmnProperties.INITIAL_ACTIVITY))
        .map(ModelActivity::new);
  }

  /** What is in a subprocess. */
  public List<ModelActivity> activities() {
    return in(activity);
  }

  /** Has it do this instead of what the model says. */
  public void behave(Behavior behavior) {
    activity.setActivityBehavior(new EngineBehavior(behavior));
  }

  /**
   * Has a call activity map its variables so, whatever the model says.
   *
   * @param expression what error texts call it
   */
  public void mapVariables(String expression, DelegateVariableMapping mapping) {
    CallActivityBehavior own =
        new CallActivityBehavior(new ConstantExpression(expression, mapping));
    own.setCallableElement(
        ((CallActivityBehavior) activity.getActivityBehavior()).getCallableElement());
    activity.setActivityBehavior(own);
  }

  /** Gives it an execution of its own, whose id does not change while it waits. */
  public void runInOwnExecution() {
    activity.setScope(true);
  }

  /** Has a transaction end before it. */
  public void makeAsyncBefore() {
    activity.setAsyncBefore(true, true);
  }

  /** Has a transaction end behind it, or not. */
  public void setAsyncAfter(boolean async) {
    activity.setAsyncAfter(async, true);
  }

  /**
   * Has its job tried again, unless the model says otherwise.
   *
   * @param intervals how long after each other, as {@code failedJobRetryTimeCycle} has them
   */
  public void retryAfter(String intervals) {
    activity
        .getProperties()
        .set(
            DefaultFailedJobParseListener.FAILED_JOB_CONFIGURATION,
            ParseUtil.parseRetryIntervals(intervals));
  }

  /** Adds a listener that a deletion without custom listeners does not leave out. */
  public void onStart(ExecutionListener listener) {
    activity.addBuiltInListener(ExecutionListener.EVENTNAME_START, listener);
  }

  /** Adds a listener that a deletion without custom listeners does not leave out. */
  public void onEnd(ExecutionListener listener) {
    activity.addBuiltInListener(ExecutionListener.EVENTNAME_END, listener);
  }

  /** The same for the end of its process, unless that has a listener of this kind. */
  public void onEndOfProcess(ExecutionListener listener) {
    ScopeImpl process = activity.getProcessDefinition();
    boolean there =
        process.getBuiltInListeners(ExecutionListener.EVENTNAME_END).stream()
            .anyMatch(one -> one.getClass() == listener.getClass());
    if (!there) {
      process.addBuiltInListener(ExecutionListener.EVENTNAME_END, listener);
    }
  }

  /** Puts a listener in the place of those that the model names by such delegate expressions. */
  public void replaceStartListeners(Predicate<String> expression, ExecutionListener listener) {
    replace(activity.getListeners(ExecutionListener.EVENTNAME_START), expression, listener);
    replace(activity.getBuiltInListeners(ExecutionListener.EVENTNAME_START), expression, listener);
  }

  private static void replace(
      List<DelegateListener<? extends BaseDelegateExecution>> listeners,
      Predicate<String> expression,
      ExecutionListener listener) {
    listeners.replaceAll(
        one ->
            one instanceof DelegateExpressionExecutionListener named
                    && expression.test(named.getExpressionText())
                ? listener
                : one);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ModelActivity one && one.activity == activity;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(activity);
  }

  @Override
  public String toString() {
    return activity.getId();
  }
}
