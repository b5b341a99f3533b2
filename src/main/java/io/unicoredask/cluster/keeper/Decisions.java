package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.ClusterError;
import java.util.List;

/**
 * Decides what becomes of a cluster. Pure: the same record, demand and observation always lead to
 * the same decision, and nothing is asked or done.
 */
final class Decisions {

  /** What an allocation's end is the end of. */
  private static final List<Phase> IN_ALLOCATION =
      List.of(
          Phase.START_SCHEDULER,
          Phase.AWAIT_SCHEDULER,
          Phase.FORWARD_PORTS,
          Phase.SCALE_WORKERS,
          Phase.MONITOR);

  private Decisions() {}

  /** What follows from a look. */
  static Decision decide(
      Cluster cluster, Demand demand, Recollection recollection, Observation seen) {
    Decision decision = new Decision(cluster, demand, recollection);
    if (decision.awaits(Phase.TEAR_DOWN)) {
      EndRules.tearDown(decision);
    } else if (decision.awaits(Phase.RESTART)) {
      EndRules.restart(decision);
    } else {
      seen.endOfAllocation()
          .ifPresent(
              end ->
                  IN_ALLOCATION.forEach(
                      phase -> decision.fail(phase, ClusterError.DASK_ALLOCATION_FAILED, end)));
      OrderRules.check(decision);
      SizeRules.warn(decision);
      JobTimesRules.note(decision, seen);
      AllocationRules.allocate(decision, seen);
      SchedulerRules.start(decision, seen);
      SchedulerRules.await(decision, seen);
      PortRules.forward(decision, seen);
      WorkerRules.keep(decision, seen);
      MonitorRules.monitor(decision, seen);
    }
    return decision;
  }

  /** What follows from what was done. */
  static Decision after(
      Cluster cluster,
      Demand demand,
      Recollection recollection,
      List<Result> results,
      Observation seen) {
    Decision decision = new Decision(cluster, demand, recollection);
    for (Result result : results) {
      if (result instanceof Result.Submitted submitted) {
        SubmissionRules.submitted(decision, submitted);
      } else if (result instanceof Result.Refused refused) {
        SubmissionRules.refused(decision, refused);
      } else if (result instanceof Result.Retired retired) {
        WorkerRules.retired(decision, retired);
      } else if (result instanceof Result.Ended ended) {
        EndRules.ended(decision, ended, seen.at());
      }
    }
    if (results.stream().anyMatch(Result.Submitted.class::isInstance)) {
      SubmissionRules.note(decision);
    }
    results.stream()
        .filter(Result.Postponed.class::isInstance)
        .filter(postponed -> results.stream().allMatch(Result.Postponed.class::isInstance))
        .findFirst()
        .ifPresent(only -> decision.hinderedBy(((Result.Postponed) only).reason()));
    return decision;
  }
}
