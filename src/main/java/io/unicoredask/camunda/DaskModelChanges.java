package io.unicoredask.camunda;

import io.unicoredask.camunda.engine.ModelActivity;
import io.unicoredask.camunda.engine.ModelChanges;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

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
class DaskModelChanges implements ModelChanges {

  /** How long after each other the call of work is tried again, unless the model says otherwise. */
  private static final String WORK_RETRIES = "PT2S,PT10S,PT1M,PT5M,PT15M";

  private final Supplier<DaskRuntime> runtime;

  DaskModelChanges(Supplier<DaskRuntime> runtime) {
    this.runtime = runtime;
  }

  @Override
  public void serviceTask(ModelActivity task, String delegateExpression) {
    String name = bean(delegateExpression);
    Optional<DaskActivity> waiting = DaskActivity.named(name);
    if (waiting.isPresent()) {
      DaskRuntime now = runtime.get();
      task.behave(new WaitingActivity(waiting.get(), new ClusterScope(now)));
      task.runInOwnExecution();
      task.setAsyncAfter(true);
      task.onEnd(new WaitsNoMore(now));
      seeToDeletion(task);
    } else if (name.equals(DaskActivity.CHECK_REQUEST)) {
      task.behave(checkRequest());
      seeToDeletion(task);
    }
  }

  private CheckRequest checkRequest() {
    return new CheckRequest(runtime.get(), new ClusterScope(runtime.get()));
  }

  @Override
  public void callActivity(ModelActivity call, String variableMapping) {
    if (bean(variableMapping).equals(DaskActivity.WORK_VARIABLES)) {
      call.mapVariables("${daskWorkVariables}", new WorkVariables());
      call.runInOwnExecution();
      call.makeAsyncBefore();
      call.setAsyncAfter(true);
      call.retryAfter(WORK_RETRIES);
      call.onEnd(new DeletedWork(runtime.get()));
    }
  }

  @Override
  public void boundaryMessage(ModelActivity event) {
    refuseNames(event);
  }

  private void refuseNames(ModelActivity event) {
    event.onStart(new RefusedNames(runtime.get()));
  }

  /** A listener {@code ${daskCheckRequest}} is on the start event of an event subprocess. */
  @Override
  public void startEvent(ModelActivity event, boolean isMessage, List<String> listeners) {
    if (listeners.stream().anyMatch(one -> bean(one).equals(DaskActivity.CHECK_REQUEST))) {
      event.replaceStartListeners(
          expression -> expression.contains(DaskActivity.CHECK_REQUEST), checkRequest());
    } else if (isMessage) {
      refuseNames(event);
    }
  }

  /** Also if an instance is deleted without its custom listeners. */
  private void seeToDeletion(ModelActivity activity) {
    activity.onEndOfProcess(new DeletedInstances(runtime.get()));
  }

  @Override
  public void process(List<ModelActivity> activities) {
    separate(activities);
    TeardownEvents.listen(activities);
  }

  private static void separate(List<ModelActivity> activities) {
    for (ModelActivity activity : activities) {
      if (isOurs(activity) && leadsToOurs(activity, new HashSet<>())) {
        activity.setAsyncAfter(false);
      }
      separate(activity.activities());
    }
  }

  private static boolean isOurs(ModelActivity activity) {
    return activity.behavior().filter(WaitingActivity.class::isInstance).isPresent();
  }

  /** Whether all that comes next are activities that only put down what they wait for. */
  private static boolean leadsToOurs(ModelActivity activity, Set<ModelActivity> seen) {
    List<ModelActivity> next = activity.next();
    return !next.isEmpty() && next.stream().allMatch(one -> isOursOrLeadsThere(one, seen));
  }

  private static boolean isOursOrLeadsThere(ModelActivity next, Set<ModelActivity> seen) {
    if (next.isAsyncBefore() || isOurs(next)) {
      return true;
    }
    boolean innerEnd = next.isPlainEnd() && next.parent().isPresent();
    return innerEnd || next.isGateway() && seen.add(next) && leadsToOurs(next, seen);
  }

  /** The bean that an expression names; empty if there is none. */
  private static String bean(String expression) {
    return expression == null ? "" : expression.replaceAll("[${}\\s]|#", "");
  }
}
