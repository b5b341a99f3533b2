package io.unicoredask.camunda;

import io.unicoredask.camunda.engine.Initiator;
import io.unicoredask.camunda.engine.Transaction;
import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.ClusterStatus;
import io.unicoredask.cluster.LogContext;
import io.unicoredask.cluster.keeper.Phase;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.request.Footprint;
import io.unicoredask.cluster.request.Reading;
import io.unicoredask.cluster.request.ScriptRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.camunda.bpm.engine.delegate.DelegateExecution;

/**
 * Which cluster an execution is about: that of its process instance or, for what only works in a
 * cluster, of the process instance that called it. Process variables have no say in it.
 */
class ClusterScope {

  private static final ThreadLocal<String> HANDED_OVER = new ThreadLocal<>();

  private final DaskRuntime runtime;
  private final Quotas quotas;

  ClusterScope(DaskRuntime runtime) {
    this.runtime = runtime;
    this.quotas = new Quotas(runtime);
  }

  /**
   * The id of the cluster. One that an activity needs and nobody has asked for yet is planned as
   * the variables say.
   */
  Optional<String> find(DelegateExecution execution, DaskActivity activity) {
    Optional<String> own = runtime.tables().ofInstance(execution.getProcessInstanceId());
    if (own.isPresent()) {
      return own;
    }
    if (activity == DaskActivity.TEARDOWN) {
      return handedOver(execution);
    }
    if (activity.isAside()) {
      return Optional.of(ofCaller(execution));
    }
    return Optional.of(plan(execution));
  }

  /** Has the log say which cluster an activity is about. */
  LogContext log(DelegateExecution execution, Optional<String> cluster) {
    return LogContext.of(
        runtime.logNames().ofActivity(cluster.orElse(null), execution.getProcessBusinessKey()));
  }

  private String plan(DelegateExecution execution) {
    Reading<ClusterRequest> reading = runtime.requests().read(execution);
    Problems problems = new Problems();
    problems.invalid(reading.problems());
    keys().problem(execution).ifPresent(problems::invalid);
    if (!reading.refused().contains("site")) {
      problems.invalid(ownerProblems(execution, reading.value()));
    }
    problems.require();
    return plan(execution, reading.value());
  }

  private BusinessKeys keys() {
    return new BusinessKeys(runtime.tables().keys());
  }

  /** One whose own instance is just being deleted, for the instance that is started instead. */
  private Optional<String> handedOver(DelegateExecution execution) {
    Optional<String> cluster = Optional.ofNullable(HANDED_OVER.get());
    cluster.ifPresent(id -> runtime.tables().give(id, execution.getProcessInstanceId()));
    return cluster;
  }

  /** Does something that starts the process instance which the cluster is handed over to. */
  static <T> T handingOver(String cluster, Supplier<T> start) {
    HANDED_OVER.set(cluster);
    try {
      return start.get();
    } finally {
      HANDED_OVER.remove();
    }
  }

  private String ofCaller(DelegateExecution execution) {
    return Callers.of(execution)
        .map(caller -> runtime.tables().ofInstance(caller.getProcessInstanceId()))
        .flatMap(Optional::stream)
        .findFirst()
        .orElseThrow(
            () ->
                new ClusterException(
                    ClusterError.DASK_INVALID_REQUEST,
                    "there is no cluster here; run it in a process instance that has one, or in one"
                        + " that such an instance calls"));
  }

  /** Why nothing can be submitted for who starts the cluster, or nothing more. */
  List<String> ownerProblems(DelegateExecution execution, ClusterRequest request) {
    Owner owner = owner(execution, request);
    List<String> problems = new ArrayList<>(quotas.problems(request, owner.user()));
    owner.problem(runtime.sites().get(request.site())).ifPresent(problems::add);
    return problems;
  }

  private Owner owner(DelegateExecution execution, ClusterRequest request) {
    return Owner.of(execution, runtime.sites().get(request.site()));
  }

  /** Puts a new cluster on record, and returns its id. */
  String plan(DelegateExecution execution, ClusterRequest request) {
    String id = runtime.installation().clusterId(execution.getProcessInstanceId());
    Owner owner = owner(execution, request);
    keys().take(execution, id);
    runtime
        .tables()
        .insert(
            id,
            execution.getProcessInstanceId(),
            execution.getProcessBusinessKey(),
            request,
            owner);
    runtime.tables().lives().begin(id, execution, request, owner.user());
    return id;
  }

  /**
   * Notes that an activity waits.
   *
   * @return false if there is nothing to wait for
   */
  boolean waits(DelegateExecution execution, DaskActivity activity, String cluster) {
    if (activity == DaskActivity.RUN_SCRIPT) {
      runScript(execution, cluster);
      return true;
    }
    if (activity != DaskActivity.TEARDOWN && activity != DaskActivity.LOGS) {
      ClusterRequest wanted = forReal(runtime.tables().request(cluster));
      if (activity == DaskActivity.ALLOCATE
          && wanted.allocation() == null
          && wanted.newAllocation() == null) {
        return false;
      }
    }
    runtime.tables().waits(execution.getId(), cluster, activity.phase(), null);
    runtime.tellKeeper(cluster);
    return true;
  }

  private void runScript(DelegateExecution execution, String cluster) {
    ClusterRequest of = runtime.tables().request(cluster);
    ScriptRequest script =
        runtime.requests().script(execution, execution.getId(), of.site()).required();
    // Within an allocation it takes nothing more.
    long nodes =
        of.allocation() == null && of.newAllocation() == null
            ? Footprint.nodes(script.scriptJob())
            : 0;
    Problems problems = new Problems();
    problems.invalid(
        quotas.problemsOfScript(of.site(), runtime.tables().owner(cluster).orElse(null), nodes));
    problems.require();
    runtime.tables().waits(execution.getId(), cluster, Phase.RUN_SCRIPT, script.toJson(), nodes);
    runtime.tellKeeper(cluster);
  }

  /** It is in another state, which people see at once. */
  void is(String cluster, ClusterStatus status) {
    runtime.tables().lives().is(cluster, status);
  }

  /** There is no cluster, and why is for people to look up. */
  void isRefused(DelegateExecution execution, ClusterException why) {
    if (runtime.tables().ofInstance(execution.getProcessInstanceId()).isEmpty()) {
      runtime.tables().lives().refuse(execution, Initiator.of(execution).orElse(null), why);
    }
  }

  /**
   * The cluster's jobs are over: nothing is left to be kept.
   *
   * @param endedBy what has led to that
   * @return which it was, if any
   */
  Optional<String> isOver(DelegateExecution execution, EndedBy endedBy) {
    Optional<String> over = runtime.tables().ofInstance(execution.getProcessInstanceId());
    over.ifPresent(
        cluster -> {
          runtime.tables().lives().end(cluster, endedBy.status(), execution);
          // As long as there is something that tells what it waited for.
          new WaitsNoMore(runtime).end(execution);
          runtime
              .tables()
              .site(cluster)
              .ifPresent(
                  site ->
                      Transaction.current()
                          .whenCommitted(
                              () ->
                                  runtime
                                      .listener()
                                      .ended(site, endedBy.status(), endedBy.value())));
          runtime.tables().delete(cluster);
          runtime.tellKeeper(cluster);
        });
    return over;
  }

  /** In case the model leads a dry run on to the activities, which submit. */
  private static ClusterRequest forReal(ClusterRequest request) {
    if (request.dryRun()) {
      throw new ClusterException(
          ClusterError.DASK_INVALID_REQUEST,
          "dryRun = true, which submits nothing, but the process went on; have it end with a"
              + " gateway behind ${daskCheckRequest} if dryRun is true");
    }
    return request;
  }
}
