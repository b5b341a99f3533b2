package io.unicoredask.camunda;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.camunda.bpm.engine.delegate.ExecutionListener;
import org.camunda.bpm.engine.impl.bpmn.behavior.ErrorEndEventActivityBehavior;
import org.camunda.bpm.engine.impl.bpmn.helper.BpmnProperties;
import org.camunda.bpm.engine.impl.pvm.PvmTransition;
import org.camunda.bpm.engine.impl.pvm.process.ActivityImpl;
import org.camunda.bpm.engine.impl.pvm.process.ActivityStartBehavior;
import org.camunda.bpm.engine.impl.pvm.process.ScopeImpl;

/**
 * Has each event of a process that leads to the teardown of its cluster say so in the variable
 * {@code endedBy}: a timer or a message attached to an activity, for instance, or at the start of
 * an event subprocess.
 *
 * <p>An event does not end the cluster if another Dask activity comes first behind it, if it only
 * leads back to what it is attached to, or if it leads to an error, since then whatever catches
 * that error does.
 */
final class TeardownEvents {

  private final Set<ScopeImpl> seen = new HashSet<>();

  private TeardownEvents() {}

  /** Adds the listeners; to be called when all sequence flows are known. */
  static void listen(ScopeImpl scope) {
    for (ActivityImpl activity : scope.getActivities()) {
      event(activity)
          .filter(cause -> new TeardownEvents().isTornDownBy(activity))
          .ifPresent(
              cause ->
                  activity.addBuiltInListener(
                      ExecutionListener.EVENTNAME_END, new TeardownEvent(cause)));
      listen(activity);
    }
  }

  private static Optional<EndedBy> event(ActivityImpl activity) {
    return Optional.ofNullable(activity.getProperties().get(BpmnProperties.TYPE))
        .flatMap(EndedBy::event);
  }

  private boolean isTornDownBy(ActivityImpl event) {
    if (event.getEventScope() instanceof ActivityImpl attached
        && attached.getFlowScope() == event.getFlowScope()) {
      seen.add(attached);
    }
    return leadsToTeardown(event);
  }

  private boolean leadsToTeardown(ActivityImpl activity) {
    if (!activity.getOutgoingTransitions().isEmpty()) {
      return activity.getOutgoingTransitions().stream()
          .map(PvmTransition::getDestination)
          .anyMatch(next -> isTeardown((ActivityImpl) next));
    }
    return !endsBesideOthers(activity)
        && activity.getFlowScope() instanceof ActivityImpl outer
        && seen.add(outer)
        && leadsToTeardown(outer);
  }

  private boolean isTeardown(ActivityImpl next) {
    if (next.getActivityBehavior() instanceof WaitingActivity ours) {
      return ours.activity() == DaskActivity.TEARDOWN;
    }
    ActivityImpl first = next.getProperties().get(BpmnProperties.INITIAL_ACTIVITY);
    return seen.add(next) && leadsToTeardown(first == null ? next : first);
  }

  /** Whether what is around it does not end with it. */
  private static boolean endsBesideOthers(ActivityImpl activity) {
    return activity.getActivityBehavior() instanceof ErrorEndEventActivityBehavior
        || activity.isTriggeredByEvent()
            && activity.getActivityStartBehavior()
                == ActivityStartBehavior.CONCURRENT_IN_FLOW_SCOPE;
  }
}
