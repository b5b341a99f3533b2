package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.unicore.Job;
import java.time.Instant;

/** Makes an allocation, or takes one that is given, and waits until it takes jobs. */
final class AllocationRules {

  private AllocationRules() {}

  static void allocate(Decision decision, Observation seen) {
    if (!decision.awaits(Phase.ALLOCATE)) {
      return;
    }
    decision.begins(Phase.ALLOCATE);
    if (decision.cluster().allocation() == null && !plan(decision)) {
      decision.done(Phase.ALLOCATE);
      return;
    }
    if (decision.cluster().allocation().job() == null) {
      decision.act(new Action.Submit(AllocationJob.PURPOSE));
      decision.note("submitting the allocation");
      return;
    }
    seen.allocation().ifPresent(allocation -> judge(decision, allocation, seen.at()));
  }

  /** Returns whether one is wanted. */
  private static boolean plan(Decision decision) {
    AllocationJob planned =
        decision.demand().request().allocation() != null
            ? AllocationJob.somebodyElses(decision.demand().request().allocation())
            : decision.demand().request().newAllocation() != null ? AllocationJob.wanted() : null;
    decision.change(cluster -> cluster.withAllocation(planned));
    return planned != null;
  }

  private static void judge(Decision decision, JobSeen seen, Instant now) {
    Cluster cluster = decision.cluster();
    if (seen instanceof JobSeen.NotOurs notOurs) {
      decision.fail(
          Phase.ALLOCATE,
          ClusterError.DASK_INVALID_REQUEST,
          "allocation = %s belongs to somebody else; allowed is an allocation of user %s at site '%s'"
              .formatted(cluster.allocation().job(), notOurs.user(), cluster.site()));
    } else if (seen instanceof JobSeen.Ended ended) {
      decision.fail(Phase.ALLOCATE, ClusterError.DASK_ALLOCATION_FAILED, ended.obituary());
    } else if (seen instanceof JobSeen.Alive alive) {
      judge(decision, alive, now);
    }
  }

  private static void judge(Decision decision, JobSeen.Alive alive, Instant now) {
    Job job = alive.job();
    if (job.jobType() != null && !job.jobType().equals("ALLOCATE")) {
      decision.fail(
          Phase.ALLOCATE,
          ClusterError.DASK_INVALID_REQUEST,
          "allocation = %s is a job of type %s; allowed is a job of type ALLOCATE"
              .formatted(decision.cluster().allocation().job(), job.jobType()));
    } else if (job.isUsableAllocation()) {
      decision.done(Phase.ALLOCATE);
    } else {
      JobTimes times = decision.cluster().allocation().times();
      decision.note(QueueNote.of("allocation", alive, times, now));
    }
  }
}
