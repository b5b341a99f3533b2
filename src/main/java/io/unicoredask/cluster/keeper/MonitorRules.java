package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.ClusterError;

/**
 * Stays with a ready cluster until its scheduler ends. A scheduler that ends without an error, as
 * with {@code --idle-timeout}, ends the cluster.
 */
final class MonitorRules {

  private MonitorRules() {}

  static void monitor(Decision decision, Observation seen) {
    if (!decision.awaits(Phase.MONITOR)) {
      return;
    }
    decision.begins(Phase.MONITOR);
    if (decision.cluster().readySince() == null) {
      decision.change(cluster -> cluster.withReadySince(seen.at().toEpochMilli()));
    }
    SchedulerTimeRules.warn(decision, seen.at());
    if (decision.demand().workDeleted()) {
      decision.fail(
          Phase.MONITOR,
          ClusterError.DASK_WORK_DELETED,
          "the process that worked in the cluster was deleted before it ended");
    } else if (seen.endOfScheduler().isPresent()) {
      ended(decision, seen.endOfScheduler().get());
    } else if (seen.workers().orElse(null) instanceof WorkersSeen.Silent silent) {
      String why = silent.reason().getMessage();
      boolean goesOn =
          RelayFallback.isPossible(silent, seen)
              && RelayFallback.consider(decision, why, seen.at());
      decision.note(why);
      if (!goesOn) {
        decision.hinderedBy(silent.reason());
      }
    }
  }

  private static void ended(Decision decision, JobSeen.Ended end) {
    if (end.well()) {
      if (decision.recollection().idle()) {
        decision.change(cluster -> cluster.warnedOf(SchedulerEnd.text(decision)));
      }
      decision.done(Phase.MONITOR);
    } else {
      decision.fail(Phase.MONITOR, ClusterError.DASK_SCHEDULER_LOST, end.obituary());
    }
  }
}
