package io.unicoredask.camunda;

import io.unicoredask.camunda.engine.Transaction;
import io.unicoredask.camunda.engine.WaitState;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.ClusterStatus;
import io.unicoredask.cluster.LogContext;
import io.unicoredask.cluster.keeper.Outcome;
import java.util.Optional;
import org.camunda.bpm.engine.delegate.BpmnError;
import org.camunda.bpm.engine.delegate.DelegateExecution;

/**
 * A service task that puts on record what it waits for, and then is a wait state until the
 * cluster's keeper tells it that it has come about. No thread waits with it, and no call to a site
 * is made here.
 *
 * <p>It is put in the place of the delegate expression that the model names, so that no variable
 * can hide it.
 */
class WaitingActivity implements WaitState {

  private final DaskActivity activity;
  private final ClusterScope clusters;

  WaitingActivity(DaskActivity activity, ClusterScope clusters) {
    this.activity = activity;
    this.clusters = clusters;
  }

  DaskActivity activity() {
    return activity;
  }

  @Override
  public void begin(DelegateExecution execution, Runnable leave) {
    Transaction.current().repeatOnConflict();
    try {
      begin(execution, clusters.find(execution, activity), leave);
    } catch (ClusterException e) {
      if (!activity.isAside()) {
        clusters.isRefused(execution, e);
      }
      throw new BpmnError(e.error().name(), TextColumn.fitting(e.getMessage()), e);
    }
  }

  private void begin(DelegateExecution execution, Optional<String> cluster, Runnable leave) {
    try (LogContext log = clusters.log(execution, cluster)) {
      prepare(execution, cluster);
      audit(execution, cluster.orElse("-"));
      if (cluster.isPresent() && clusters.waits(execution, activity, cluster.get())) {
        return;
      }
      finish(execution);
      leave.run();
    }
  }

  /** What people see of it at once. */
  private void prepare(DelegateExecution execution, Optional<String> cluster) {
    switch (activity) {
      case MONITOR -> status(execution, cluster, ClusterStatus.RUNNING);
      case RESTART -> {
        EndedBy.forget(execution);
        status(execution, cluster, ClusterStatus.PENDING);
      }
      case TEARDOWN -> {
        EndedBy.settle(execution);
        status(execution, cluster, ClusterStatus.STOPPING);
      }
      case RUN_SCRIPT -> {
        execution.removeVariable(ScriptVariables.EXIT_CODE);
        execution.removeVariable(ScriptVariables.OUTPUT);
        execution.removeVariable(ScriptVariables.JOB_URL);
      }
      default -> {}
    }
  }

  private void audit(DelegateExecution execution, String cluster) {
    switch (activity) {
      case LOGS -> Audit.say(Audit.Operation.READ_LOGS, execution, cluster);
      case RUN_SCRIPT -> Audit.say(Audit.Operation.RUN_SCRIPT, execution, cluster);
      case TEARDOWN ->
          Audit.say(
              Audit.Operation.TEAR_DOWN,
              execution,
              cluster,
              DaskVariables.ENDED_BY,
              execution.getVariable(DaskVariables.ENDED_BY));
      default -> {}
    }
  }

  @Override
  public void signal(DelegateExecution execution, Object data, Runnable leave) {
    if (data instanceof Outcome.Failed failed) {
      throw new BpmnError(failed.error().name(), TextColumn.fitting(failed.message()));
    }
    if (data instanceof Outcome) {
      finish(execution);
      leave.run();
    }
  }

  private void finish(DelegateExecution execution) {
    if (activity == DaskActivity.MONITOR) {
      EndedBy.SCHEDULER.note(execution);
    } else if (activity == DaskActivity.TEARDOWN) {
      EndedBy endedBy = EndedBy.noted(execution);
      ClusterStatus end = endedBy.status();
      clusters
          .isOver(execution, endedBy)
          .ifPresent(
              cluster ->
                  Audit.say(
                      Audit.Operation.OVER, execution, cluster, DaskVariables.CLUSTER_STATUS, end));
      execution.removeVariable(DaskVariables.SCHEDULER_ADDRESS);
      execution.removeVariable(DaskVariables.DASHBOARD_URL);
      status(execution, Optional.empty(), end);
    }
  }

  private void status(DelegateExecution execution, Optional<String> cluster, ClusterStatus status) {
    cluster.ifPresent(id -> clusters.is(id, status));
    execution.setVariable(DaskVariables.CLUSTER_STATUS, status.name());
  }
}
