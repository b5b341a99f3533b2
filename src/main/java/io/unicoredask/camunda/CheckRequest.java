package io.unicoredask.camunda;

import io.unicoredask.camunda.engine.Behavior;
import io.unicoredask.camunda.engine.ChangedVariables;
import io.unicoredask.camunda.engine.Transaction;
import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.ClusterStatus;
import io.unicoredask.cluster.keeper.Descriptions;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.request.Reading;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.camunda.bpm.engine.delegate.BpmnError;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.ExecutionListener;

/**
 * {@code ${daskCheckRequest}}: refuses a request that cannot be fulfilled, before anything is
 * submitted, puts the cluster on record, and fills in the time limits that are not given. In a dry
 * run it says what would be submitted instead.
 *
 * <p>As a service task it refuses the start of the process, so that who started it gets the reason
 * as the answer; in a process that was called by another it throws {@code DASK_INVALID_REQUEST} to
 * the caller. As an execution listener of a message's start event it refuses the message.
 */
class CheckRequest implements Behavior, ExecutionListener {

  private final DaskRuntime runtime;
  private final ClusterScope clusters;
  private final WorkCheck workCheck;
  private final LocalPorts ports;
  private final Quotas quotas;

  CheckRequest(DaskRuntime runtime, ClusterScope clusters) {
    this.runtime = runtime;
    this.clusters = clusters;
    this.workCheck = new WorkCheck(runtime);
    this.ports = new LocalPorts(runtime);
    this.quotas = new Quotas(runtime);
  }

  @Override
  public void begin(DelegateExecution execution, Runnable leave) {
    start(execution);
    leave.run();
  }

  private void start(DelegateExecution execution) {
    try {
      check(execution);
    } catch (ClusterException e) {
      if (execution.getSuperExecution() != null) {
        clusters.isRefused(execution, e);
        throw new BpmnError(e.error().name(), TextColumn.fitting(e.getMessage()), e);
      }
      throw Refusal.of(e);
    }
  }

  private void check(DelegateExecution execution) {
    runtime.installation().require();
    ClusterRequest request = allowed(execution);
    StarterAuthorizations.give(execution);
    Map<String, Object> outputs = new HashMap<>();
    outputs.put("site", request.site());
    outputs.put("dryRun", request.dryRun());
    request.clocks().forEach((limit, time) -> outputs.put(limit.variable(), time.toString()));
    size(outputs, request);
    if (request.dryRun()) {
      outputs.putAll(Descriptions.of(request));
    } else {
      String cluster = clusters.plan(execution, request);
      ports.reserve(cluster, request);
      outputs.put(LocalPorts.SCHEDULER, request.localPort());
      outputs.put(
          LocalPorts.DASHBOARD, request.connectDashboard() ? request.localDashboardPort() : null);
      outputs.put("minWorkers", request.minWorkers());
      outputs.put("onSchedulerLost", request.onSchedulerLost().value());
      outputs.put(DaskVariables.CLUSTER_STATUS, ClusterStatus.PENDING.name());
      audit(
          Audit.Operation.START,
          execution,
          cluster,
          request,
          DaskVariables.WORK,
          execution.getVariable(DaskVariables.WORK),
          "owner",
          runtime.tables().owner(cluster).orElse(Audit.NOBODY));
    }
    Outputs.write(execution, outputs);
  }

  /** What is asked for, if nothing is wrong with it: else all that is, in one text. */
  private ClusterRequest allowed(DelegateExecution execution) {
    Reading<ClusterRequest> reading = runtime.requests().started(execution);
    ClusterRequest request = reading.value();
    BusinessKeys keys = new BusinessKeys(runtime.tables().keys());
    Problems problems = new Problems();
    problems.invalid(reading.problems());
    if (!reading.refused().contains("security")) {
      runtime.objection(request).ifPresent(problems::invalid);
    }
    allocationOfAnother(reading).ifPresent(problems::invalid);
    if (!reading.refused().contains("site")) {
      problems.invalid(clusters.ownerProblems(execution, request));
    }
    if (!reading.refused().contains(DaskVariables.WORK)) {
      problems.invalid(workCheck.problems(execution, request.site()));
    }
    if (request.dryRun()) {
      keys.tooLong(execution).ifPresent(problems::invalid);
    } else {
      keys.problem(execution).ifPresent(problems::invalid);
      ports.problems(reading).forEach(taken -> problems.add(ClusterError.DASK_PORT_IN_USE, taken));
    }
    problems.require();
    return request;
  }

  /** It would end with that cluster, and whoever has it did not ask for company. */
  private Optional<String> allocationOfAnother(Reading<ClusterRequest> reading) {
    ClusterRequest request = reading.value();
    if (request.allocation() == null
        || reading.refused().contains("allocation")
        || reading.refused().contains("site")) {
      return Optional.empty();
    }
    URI job = runtime.sites().get(request.site()).relative(request.allocation());
    return runtime.tables().isOwnAllocation(request.site(), job)
        ? Optional.of(
            "allocation = %s was made for another cluster and ends with it; allowed is one that no cluster has"
                .formatted(request.allocation()))
        : Optional.empty();
  }

  /** Only the newest stays, so that people see which one counts. */
  private static void size(Map<String, Object> outputs, ClusterRequest request) {
    outputs.put(DaskVariables.CLUSTER_SIZE, request.size().toString());
    Stream.of("workers", "jobs", "adapt")
        .filter(name -> !name.equals(request.size().variable()))
        .forEach(name -> outputs.put(name, null));
  }

  @Override
  public void notify(DelegateExecution execution) {
    Transaction.current().repeatOnConflict();
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
    Problems problems = new Problems();
    problems.invalid(
        quotas.problems(before, request, runtime.tables().owner(cluster).orElse(null)));
    problems.require();
    runtime.tables().ask(cluster, request);
    runtime.tables().lives().resize(cluster, request);
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
    audit(Audit.Operation.SCALE, execution, cluster, request, "brought", brought);
    runtime.tellKeeper(cluster);
  }

  private static void audit(
      Audit.Operation operation,
      DelegateExecution execution,
      String cluster,
      ClusterRequest request,
      Object... more) {
    Stream<Object> pairs = Stream.of("site", request.site(), "size", request.size());
    Audit.say(operation, execution, cluster, Stream.concat(pairs, Stream.of(more)).toArray());
  }
}
