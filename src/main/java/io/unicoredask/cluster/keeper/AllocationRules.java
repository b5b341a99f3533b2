package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.unicore.Job;

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
    seen.allocation().ifPresent(allocation -> judge(decision, allocation));
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

  private static void judge(Decision decision, JobSeen seen) {
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
      judge(decision, alive.job());
    }
  }

  private static void judge(Decision decision, Job job) {
    if (job.jobType() != null && !job.jobType().equals("ALLOCATE")) {
      decision.fail(
          Phase.ALLOCATE,
          ClusterError.DASK_INVALID_REQUEST,
          "allocation = %s is a job of type %s; allowed is a job of type ALLOCATE"
              .formatted(decision.cluster().allocation().job(), job.jobType()));
    } else if (job.isUsableAllocation()) {
      decision.done(Phase.ALLOCATE);
    } else {
      decision.note("allocation " + job.status());
    }
  }
}
