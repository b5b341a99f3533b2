package io.unicoredask.cluster.keeper;

import io.unicoredask.unicore.BatchState;
import io.unicoredask.unicore.JobDetails;
import java.util.Optional;

/** Puts down when jobs begin and end, as far as the batch system said. */
final class JobTimesRules {

  private JobTimesRules() {}

  static void note(Decision decision, Observation seen) {
    AllocationJob allocation = decision.cluster().allocation();
    if (allocation != null) {
      JobTimes times = times(allocation.times(), seen.allocation(), seen);
      decision.change(cluster -> cluster.withAllocation(allocation.with(times)));
    }
    SchedulerJob scheduler = decision.cluster().scheduler();
    if (scheduler != null) {
      JobTimes times = times(scheduler.times(), seen.scheduler(), seen);
      decision.change(cluster -> cluster.withScheduler(scheduler.withTimes(times)));
    }
    seen.workerJobs().values().stream()
        .flatMap(job -> details(job).map(JobDetails::queued).stream())
        .reduce((earlier, later) -> later)
        .ifPresent(queued -> decision.remember(memory -> memory.withQueued(queued)));
    if (!seen.workerJobs().isEmpty()) {
      decision.change(
          cluster ->
              cluster.withEachWorker(
                  worker ->
                      worker.withTimes(
                          times(
                              worker.times(),
                              Optional.ofNullable(seen.workerJobs().get(worker.number())),
                              seen))));
    }
  }

  private static JobTimes times(JobTimes known, Optional<JobSeen> job, Observation seen) {
    return job.flatMap(JobTimesRules::details)
        .map(details -> known.after(details, seen.at()))
        .orElse(known);
  }

  /** One that is being ended ends now, whatever its time was. */
  private static Optional<JobDetails> details(JobSeen job) {
    return job instanceof JobSeen.Alive alive
        ? alive.details().filter(said -> said.state() != BatchState.ENDING)
        : Optional.empty();
  }
}
