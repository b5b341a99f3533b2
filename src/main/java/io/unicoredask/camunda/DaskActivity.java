package io.unicoredask.camunda;

import io.unicoredask.cluster.Cluster;
import io.unicoredask.cluster.ClusterActivities;
import io.unicoredask.cluster.ClusterActivity;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.Progress;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.delegate.BpmnError;
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
 */
abstract class DaskActivity extends AbstractBpmnActivityBehavior {

  private final String name;
  private final ClusterActivity activity;
  private final ClusterVariables variables;
  private final Watcher watcher;
  private final DebugNotes debug;

  DaskActivity(String name, ClusterActivity activity, DaskRuntime runtime) {
    this.name = name;
    this.activity = activity;
    this.variables = runtime.variables();
    this.watcher = runtime.watcher();
    this.debug = new DebugNotes(runtime.activities(), variables);
    watcher.watches(name, activity);
  }

  /** Called when the activity begins, in the same transaction. */
  void onBegin(ActivityExecution execution) {}

  /** Called when the activity is done, in the same transaction, before it is left. */
  void onDone(ActivityExecution execution, Cluster cluster) {}

  @Override
  public void execute(ActivityExecution execution) throws Exception {
    Progress progress;
    Cluster cluster = null;
    try {
      cluster = variables.cluster(execution);
      onBegin(execution);
      progress = activity.begin(cluster, () -> variables.request(execution));
    } catch (ClusterException e) {
      if (cluster != null) {
        debug.failure(execution, name, cluster, e);
      }
      throw bpmnError(e);
    } catch (ProcessEngineException e) {
      throw e;
    } catch (RuntimeException e) {
      throw ClusterActivities.mayPass(e) ? e : new UnrepeatableException(e);
    }
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

  @Override
  public void signal(ActivityExecution execution, String signalName, Object signalData)
      throws Exception {
    if (!(signalData instanceof Look look) || !variables.cluster(execution).equals(look.basis())) {
      return;
    }
    if (look.failure() != null) {
      debug.failure(execution, name, look.basis(), look.failure());
      throw bpmnError(look.failure());
    }
    proceed(execution, look.basis(), look.progress());
  }

  private void proceed(ActivityExecution execution, Cluster before, Progress progress) {
    debug.step(execution, name, before, progress);
    variables.write(execution, progress.cluster(), progress.note());
    if (progress.done()) {
      onDone(execution, progress.cluster());
      execution.removeVariableLocal(DaskVariables.WAITING);
      leave(execution);
    }
  }

  private static BpmnError bpmnError(ClusterException e) {
    return new BpmnError(e.error().name(), Texts.fitting(e.getMessage()), e);
  }
}
