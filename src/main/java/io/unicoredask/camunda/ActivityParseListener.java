package io.unicoredask.camunda;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.camunda.bpm.engine.delegate.ExecutionListener;
import org.camunda.bpm.engine.impl.bpmn.behavior.CallActivityBehavior;
import org.camunda.bpm.engine.impl.bpmn.behavior.ExclusiveGatewayActivityBehavior;
import org.camunda.bpm.engine.impl.bpmn.behavior.ParallelGatewayActivityBehavior;
import org.camunda.bpm.engine.impl.bpmn.parser.AbstractBpmnParseListener;
import org.camunda.bpm.engine.impl.bpmn.parser.DefaultFailedJobParseListener;
import org.camunda.bpm.engine.impl.persistence.entity.ProcessDefinitionEntity;
import org.camunda.bpm.engine.impl.pvm.PvmTransition;
import org.camunda.bpm.engine.impl.pvm.process.ActivityImpl;
import org.camunda.bpm.engine.impl.pvm.process.ScopeImpl;
import org.camunda.bpm.engine.impl.util.ParseUtil;
import org.camunda.bpm.engine.impl.util.xml.Element;
import org.camunda.bpm.engine.impl.util.xml.Namespace;

/**
 * Puts the Dask activities in the place of the expressions that a model names them with, so that no
 * variable of that name hides them. Each waits in an execution of its own, whose id does not change
 * while it waits, and is taken from the record of those that wait when it ends. A process instance
 * that ends before its cluster does has it torn down, and what led to a teardown is put down
 * ({@link TeardownEvents}).
 *
 * <p>Behind an activity comes a transaction boundary, so that what a model has there does not run
 * on a keeper's thread; but not between one Dask activity and the next, which do nothing but put
 * down what they wait for.
 */
class ActivityParseListener extends AbstractBpmnParseListener {

  /** How long after each other the call of work is tried again, unless the model says otherwise. */
  private static final String WORK_RETRIES = "PT2S,PT10S,PT1M,PT5M,PT15M";

  /** A model may be made for either engine. */
  private static final Namespace EXTENSIONS =
      new Namespace("http://camunda.org/schema/1.0/bpmn", "http://operaton.org/schema/1.0/bpmn");

  private final Supplier<DaskRuntime> runtime;

  ActivityParseListener(Supplier<DaskRuntime> runtime) {
    this.runtime = runtime;
  }

  @Override
  public void parseServiceTask(Element task, ScopeImpl scope, ActivityImpl activity) {
    String name = bean(task.attributeNS(EXTENSIONS, "delegateExpression"));
    Optional<DaskActivity> waiting = DaskActivity.named(name);
    if (waiting.isPresent()) {
      DaskRuntime now = runtime.get();
      activity.setActivityBehavior(new WaitingActivity(waiting.get(), new ClusterScope(now)));
      activity.setScope(true);
      activity.setAsyncAfter(true, true);
      activity.addBuiltInListener(ExecutionListener.EVENTNAME_END, new WaitsNoMore(now));
      seeToDeletion(activity.getProcessDefinition());
    } else if (name.equals(DaskActivity.CHECK_REQUEST)) {
      activity.setActivityBehavior(checkRequest());
      seeToDeletion(activity.getProcessDefinition());
    }
  }

  private CheckRequest checkRequest() {
    return new CheckRequest(runtime.get(), new ClusterScope(runtime.get()));
  }

  @Override
  public void parseCallActivity(Element call, ScopeImpl scope, ActivityImpl activity) {
    String mapping = bean(call.attributeNS(EXTENSIONS, "variableMappingDelegateExpression"));
    if (mapping.equals(DaskActivity.WORK_VARIABLES)) {
      CallActivityBehavior own =
          new CallActivityBehavior(
              new ConstantExpression("${daskWorkVariables}", new WorkVariables()));
      own.setCallableElement(
          ((CallActivityBehavior) activity.getActivityBehavior()).getCallableElement());
      activity.setActivityBehavior(own);
      activity.setScope(true);
      activity.setAsyncBefore(true, true);
      activity.setAsyncAfter(true, true);
      activity
          .getProperties()
          .set(
              DefaultFailedJobParseListener.FAILED_JOB_CONFIGURATION,
              ParseUtil.parseRetryIntervals(WORK_RETRIES));
      activity.addBuiltInListener(ExecutionListener.EVENTNAME_END, new DeletedWork(runtime.get()));
    }
  }

  @Override
  public void parseBoundaryMessageEventDefinition(
      Element element, boolean interrupting, ActivityImpl activity) {
    refuseNames(activity);
  }

  private void refuseNames(ActivityImpl activity) {
    activity.addBuiltInListener(ExecutionListener.EVENTNAME_START, new RefusedNames(runtime.get()));
  }

  /** A listener {@code ${daskCheckRequest}} is on the start event of an event subprocess. */
  @Override
  public void parseStartEvent(Element start, ScopeImpl scope, ActivityImpl activity) {
    if (hasCheck(start)) {
      ListenerReplacement.replace(activity, checkRequest());
    } else if (start.element("messageEventDefinition") != null) {
      refuseNames(activity);
    }
  }

  private static boolean hasCheck(Element start) {
    Element extensions = start.element("extensionElements");
    return extensions != null
        && extensions.elementsNS(EXTENSIONS, "executionListener").stream()
            .anyMatch(
                listener ->
                    bean(listener.attribute("delegateExpression"))
                        .equals(DaskActivity.CHECK_REQUEST));
  }

  /** Built in, so that an instance deleted without its custom listeners is torn down as well. */
  private void seeToDeletion(ScopeImpl process) {
    boolean there =
        process.getBuiltInListeners(ExecutionListener.EVENTNAME_END).stream()
            .anyMatch(DeletedInstances.class::isInstance);
    if (!there) {
      process.addBuiltInListener(
          ExecutionListener.EVENTNAME_END, new DeletedInstances(runtime.get()));
    }
  }

  /** When all sequence flows are known. */
  @Override
  public void parseRootElement(Element root, List<ProcessDefinitionEntity> definitions) {
    definitions.forEach(this::separate);
    definitions.forEach(TeardownEvents::listen);
  }

  private void separate(ScopeImpl scope) {
    for (ActivityImpl activity : scope.getActivities()) {
      if (activity.getActivityBehavior() instanceof WaitingActivity
          && leadsToOurs(activity, new HashSet<>())) {
        activity.setAsyncAfter(false);
      }
      separate(activity);
    }
  }

  /** Whether all that comes next are activities that only put down what they wait for. */
  private static boolean leadsToOurs(ActivityImpl activity, Set<ActivityImpl> seen) {
    return !activity.getOutgoingTransitions().isEmpty()
        && activity.getOutgoingTransitions().stream().allMatch(flow -> leadsToOurs(flow, seen));
  }

  private static boolean leadsToOurs(PvmTransition flow, Set<ActivityImpl> seen) {
    ActivityImpl next = (ActivityImpl) flow.getDestination();
    if (next.isAsyncBefore() || next.getActivityBehavior() instanceof WaitingActivity) {
      return true;
    }
    boolean gateway =
        next.getActivityBehavior() instanceof ExclusiveGatewayActivityBehavior
            || next.getActivityBehavior() instanceof ParallelGatewayActivityBehavior;
    boolean innerEnd =
        next.getOutgoingTransitions().isEmpty()
            && next.getFlowScope() != next.getProcessDefinition()
            && next.getActivities().isEmpty()
            && next.getActivityBehavior()
                .getClass()
                .getSimpleName()
                .equals("NoneEndEventActivityBehavior");
    return innerEnd || gateway && seen.add(next) && leadsToOurs(next, seen);
  }

  /** The bean that an expression names; empty if there is none. */
  private static String bean(String expression) {
    return expression == null ? "" : expression.replaceAll("[${}\\s]|#", "");
  }
}
