package io.unicoredask.camunda;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.ClusterStatus;
import io.unicoredask.cluster.keeper.Descriptions;
import io.unicoredask.cluster.request.ClusterRequest;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.camunda.bpm.engine.delegate.BpmnError;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.ExecutionListener;
import org.camunda.bpm.engine.impl.bpmn.behavior.AbstractBpmnActivityBehavior;
import org.camunda.bpm.engine.impl.pvm.delegate.ActivityExecution;
import org.springframework.dao.DuplicateKeyException;

/**
 * {@code ${daskCheckRequest}}: refuses a request that cannot be fulfilled, before anything is
 * submitted, puts the cluster on record, and fills in the time limits that are not given. In a dry
 * run it says what would be submitted instead.
 *
 * <p>As a service task it refuses the start of the process, so that who started it gets the reason
 * as the answer; in a process that was called by another it throws {@code DASK_INVALID_REQUEST} to
 * the caller. As an execution listener of a message's start event it refuses the message.
 */
class CheckRequest extends AbstractBpmnActivityBehavior implements ExecutionListener {

  private static final String LOCAL_PORT = "localPort";
  private static final String LOCAL_DASHBOARD_PORT = "localDashboardPort";

  private final DaskRuntime runtime;
  private final ClusterScope clusters;
  private final WorkCheck workCheck;

  CheckRequest(DaskRuntime runtime, ClusterScope clusters) {
    this.runtime = runtime;
    this.clusters = clusters;
    this.workCheck = new WorkCheck(runtime);
  }

  @Override
  public void execute(ActivityExecution execution) throws Exception {
    executeWithErrorPropagation(
        execution,
        () -> {
          start(execution);
          leave(execution);
          return null;
        });
  }

  private void start(DelegateExecution execution) {
    try {
      check(execution);
    } catch (ClusterException e) {
      if (execution.getSuperExecution() != null) {
        throw new BpmnError(e.error().name(), TextColumn.fitting(e.getMessage()), e);
      }
      throw Refusal.of(e);
    }
  }

  private void check(DelegateExecution execution) {
    runtime.installation().require();
    ClusterRequest request = runtime.requests().started(execution);
    refuseAllocationOfAnother(request);
    workCheck.check(execution, request.site());
    OwnersRights.give(execution);
    Map<String, Object> outputs = new HashMap<>();
    outputs.put("site", request.site());
    outputs.put("dryRun", request.dryRun());
    request.clocks().forEach((limit, time) -> outputs.put(limit.variable(), time.toString()));
    size(outputs, request);
    if (request.dryRun()) {
      outputs.putAll(Descriptions.of(request));
    } else {
      String cluster = clusters.plan(execution, request);
      reservePorts(cluster, request);
      outputs.put(LOCAL_PORT, request.localPort());
      outputs.put(
          LOCAL_DASHBOARD_PORT, request.connectDashboard() ? request.localDashboardPort() : null);
      outputs.put("minWorkers", request.minWorkers());
      outputs.put("onSchedulerLost", request.onSchedulerLost().value());
      outputs.put(DaskVariables.CLUSTER_STATUS, ClusterStatus.PENDING.name());
    }
    Outputs.write(execution, outputs);
  }

  /** It would end with that cluster, and whoever has it did not ask for company. */
  private void refuseAllocationOfAnother(ClusterRequest request) {
    if (request.allocation() == null) {
      return;
    }
    URI job = runtime.sites().get(request.site()).relative(request.allocation());
    if (runtime.tables().isOwnAllocation(request.site(), job)) {
      throw new ClusterException(
          ClusterError.DASK_INVALID_REQUEST,
          "allocation = %s was made for another cluster and ends with it; allowed is one that no cluster has"
              .formatted(request.allocation()));
    }
  }

  /** Only the newest stays, so that people see which one counts. */
  private static void size(Map<String, Object> outputs, ClusterRequest request) {
    outputs.put(DaskVariables.CLUSTER_SIZE, request.size().toString());
    Stream.of("workers", "jobs", "adapt")
        .filter(name -> !name.equals(request.size().variable()))
        .forEach(name -> outputs.put(name, null));
  }

  private void reservePorts(String cluster, ClusterRequest request) {
    reserve(LOCAL_PORT, request.localPort(), cluster);
    if (request.connectDashboard()) {
      reserve(LOCAL_DASHBOARD_PORT, request.localDashboardPort(), cluster);
    }
    runtime.requireFreePorts(request);
  }

  private void reserve(String name, int port, String cluster) {
    if (port == 0) {
      return;
    }
    Optional<String> owner = runtime.tables().ports().ownerOf(port);
    if (owner.isPresent()) {
      throw inUse(name, port, "cluster " + owner.get());
    }
    try {
      runtime.tables().ports().reserve(port, cluster);
    } catch (DuplicateKeyException e) {
      throw inUse(name, port, "another cluster that starts just now");
    }
  }

  private static ClusterException inUse(String name, int port, String owner) {
    return new ClusterException(
        ClusterError.DASK_PORT_IN_USE,
        "%s = %d: %s has this port; choose another, or 0 for any free one"
            .formatted(name, port, owner));
  }

  @Override
  public void notify(DelegateExecution execution) {
    ConflictRetries.concernsCluster();
    try {
      Optional<String> cluster = runtime.tables().ofInstance(execution.getProcessInstanceId());
      if (cluster.isPresent()) {
        change(execution, cluster.get());
      }
    } catch (ClusterException e) {
      throw Refusal.of(e);
    }
  }

  private void change(DelegateExecution execution, String cluster) {
    ClusterRequest before = runtime.tables().request(cluster);
    List<String> brought = ChangedVariables.of(execution);
    ClusterRequest request = runtime.requests().changed(before, execution, brought);
    runtime.requests().requireAny(execution, brought);
    runtime.tables().ask(cluster, request);
    Map<String, Object> outputs = new HashMap<>();
    size(outputs, request);
    request
        .clocks()
        .forEach(
            (limit, time) -> {
              if (brought.contains(limit.variable())) {
                outputs.put(limit.variable(), time.toString());
              }
            });
    outputs.put("onSchedulerLost", request.onSchedulerLost().value());
    Outputs.write(execution, outputs);
    runtime.tellKeeper(cluster);
  }
}
