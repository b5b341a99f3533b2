package io.unicoredask.camunda;

import io.unicoredask.cluster.Cluster;
import io.unicoredask.cluster.ClusterActivities;
import io.unicoredask.cluster.ClusterActivity;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.Progress;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.delegate.BpmnError;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.impl.bpmn.behavior.AbstractBpmnActivityBehavior;
import org.camunda.bpm.engine.impl.cfg.TransactionState;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.pvm.delegate.ActivityExecution;

/**
 * A service task that begins a {@link ClusterActivity} and then is a wait state until the watcher
 * has seen it done. No thread waits with it.
 *
 * <p>A {@link ClusterException} becomes the BPMN error of the same code. What may pass is left to
 * the engine, which repeats the job that began the activity and ends in an incident; what cannot
 * pass is an incident at once.
 *
 * @param <R> what is asked of the activity
 */
abstract class DaskActivity<R> extends AbstractBpmnActivityBehavior {

  private final String name;
  private final ClusterActivity<R> activity;
  private final ClusterVariables variables;
  private final Watcher watcher;
  private final DebugNotes debug;

  DaskActivity(String name, ClusterActivity<R> activity, DaskRuntime runtime) {
    this.name = name;
    this.activity = activity;
    this.variables = runtime.variables();
    this.watcher = runtime.watcher();
    this.debug = new DebugNotes(runtime.activities(), variables);
    watcher.watches(name, new Looked());
  }

  /** What is asked of the activity. */
  abstract R request(ClusterVariables variables, DelegateExecution execution, Cluster cluster);

  /** The same while the activity waits, outside of its transactions. */
  abstract R request(ClusterVariables variables, RuntimeService engine, String executionId);

  /** Puts down how far the activity has come, in the same transaction. */
  void write(ClusterVariables variables, ActivityExecution execution, Progress progress) {
    variables.write(execution, progress.cluster(), progress.note());
  }

  /** Called when the activity begins, in the same transaction. */
  void onBegin(ActivityExecution execution) {}

  /** Called when the activity cannot begin for good, in the same transaction. */
  void onRefused(ActivityExecution execution, Cluster cluster) {}

  /**
   * Called when something was seen while the activity waits, in the same transaction.
   *
   * @return what is to be put down of it
   */
  Progress onSeen(ActivityExecution execution, Cluster before, Progress progress) {
    return progress;
  }

  /** Whether what was seen does not count, since the cluster is another by now. */
  boolean isOutdated(Look look, Cluster now) {
    return !now.equals(look.basis());
  }

  /** Called when the activity is done, in the same transaction, before it is left. */
  void onDone(ActivityExecution execution, Cluster cluster) {}

  @Override
  public void execute(ActivityExecution execution) throws Exception {
    Cluster cluster = known(execution);
    Progress progress = begun(execution, cluster);
    if (!progress.done()) {
      execution.setVariableLocal(DaskVariables.WAITING, name);
      String executionId = execution.getId();
      Context.getCommandContext()
          .getTransactionContext()
          .addTransactionListener(
              TransactionState.COMMITTED, committed -> watcher.watch(executionId, name));
    }
    proceed(execution, cluster, progress);
  }

  private Cluster known(ActivityExecution execution) {
    try {
      return variables.cluster(execution);
    } catch (ClusterException e) {
      throw bpmnError(e);
    }
  }

  private Progress begun(ActivityExecution execution, Cluster cluster) {
    try {
      onBegin(execution);
      return activity.begin(cluster, () -> request(variables, execution, cluster));
    } catch (ClusterException e) {
      debug.failure(execution, name, cluster, e);
      onRefused(execution, cluster);
      throw bpmnError(e);
    } catch (ProcessEngineException e) {
      throw e;
    } catch (RuntimeException e) {
      throw ClusterActivities.mayPass(e) ? e : new UnrepeatableException(e);
    }
  }

  @Override
  public void signal(ActivityExecution execution, String signalName, Object signalData)
      throws Exception {
    if (!(signalData instanceof Look look) || isOutdated(look, variables.cluster(execution))) {
      return;
    }
    if (look.failure() != null) {
      debug.failure(execution, name, look.basis(), look.failure());
      throw bpmnError(look.failure());
    }
    Progress progress = look.progress();
    proceed(
        execution,
        look.basis(),
        progress.done() ? progress : onSeen(execution, look.basis(), progress));
  }

  private void proceed(ActivityExecution execution, Cluster before, Progress progress) {
    debug.step(execution, name, before, progress);
    write(variables, execution, progress);
    if (progress.done()) {
      onDone(execution, progress.cluster());
      execution.removeVariableLocal(DaskVariables.WAITING);
      leave(execution);
    }
  }

  private static BpmnError bpmnError(ClusterException e) {
    return new BpmnError(e.error().name(), Texts.fitting(e.getMessage()), e);
  }

  private class Looked implements Watched {

    @Override
    public Progress look(Cluster cluster, RuntimeService engine, String executionId) {
      return activity.look(cluster, () -> request(variables, engine, executionId));
    }

    @Override
    public void abandon(Cluster cluster) {
      activity.abandon(cluster);
    }
  }
}
