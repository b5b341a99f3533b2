package io.unicoredask.camunda;

import io.unicoredask.cluster.ClusterActivities;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.ClusterStatus;
import io.unicoredask.cluster.request.ClusterRequest;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.camunda.bpm.engine.BadUserRequestException;
import org.camunda.bpm.engine.delegate.BpmnError;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.ExecutionListener;
import org.camunda.bpm.engine.delegate.JavaDelegate;

/**
 * {@code ${daskCheckRequest}}: refuses a request that cannot be fulfilled, before anything is
 * submitted, and fills in the time limits that are not given. In a dry run it says what would be
 * submitted instead.
 *
 * <p>As a service task it refuses the start of the process, so that who started it gets the reason
 * as the answer; in a process that was called by another it throws {@code DASK_INVALID_REQUEST} to
 * the caller. As an execution listener of a message's start event it refuses the message.
 */
public final class CheckRequestDelegate implements JavaDelegate, ExecutionListener {

  /** The name that process models use. */
  public static final String NAME = "daskCheckRequest";

  private final ClusterActivities activities;
  private final ClusterVariables variables;
  private final WorkCheck workCheck;

  /** Whether it is this machine that has to listen. */
  private final BooleanSupplier isOnDuty;

  /** Made once for all processes. */
  public CheckRequestDelegate(DaskRuntime runtime) {
    this.activities = runtime.activities();
    this.variables = runtime.variables();
    this.workCheck = new WorkCheck(variables);
    this.isOnDuty = runtime::isOnDuty;
  }

  @Override
  public void execute(DelegateExecution execution) {
    try {
      ClusterRequest request = check(execution);
      workCheck.check(execution, request.site());
      execution.setVariable("site", request.site());
      execution.setVariable("dryRun", request.dryRun());
      request
          .clocks()
          .forEach((clock, limit) -> execution.setVariable(clock.variable(), limit.toString()));
      if (request.dryRun()) {
        ClusterVariables.write(execution, activities.describe(request));
        return;
      }
      execution.setVariable(DaskVariables.DEBUG, request.debug());
      LocalPorts.reserve(execution, request);
      if (isOnDuty.getAsBoolean()) {
        activities.requireFreePorts(request);
      }
      execution.setVariable("minWorkers", request.minWorkers());
      execution.setVariable("onSchedulerLost", request.onSchedulerLost().value());
      ClusterVariables.setStatus(execution, ClusterStatus.PENDING);
    } catch (ClusterException e) {
      if (execution.getSuperExecution() != null) {
        throw new BpmnError(e.error().name(), Texts.fitting(e.getMessage()), e);
      }
      throw new BadUserRequestException(e.error() + ": " + e.getMessage());
    }
  }

  @Override
  public void notify(DelegateExecution execution) {
    try {
      check(execution);
    } catch (ClusterException e) {
      throw new BadUserRequestException(e.error() + ": " + e.getMessage());
    }
  }

  /**
   * Only the newest of {@code workers}, {@code jobs} and {@code adapt} stays, so that the next can
   * be told.
   */
  private ClusterRequest check(DelegateExecution execution) {
    ClusterRequest.refuseNearMisses(execution.getVariableNames());
    ClusterRequest request = variables.newRequest(execution);
    workCheck.refuseRestart(execution, request);
    execution.setVariable(DaskVariables.CLUSTER_SIZE, request.size().toString());
    Stream.of("workers", "jobs", "adapt")
        .filter(name -> !name.equals(request.size().variable()))
        .forEach(execution::removeVariable);
    return request;
  }
}
