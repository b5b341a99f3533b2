package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.keeper.WorkerJob.Status;
import io.unicoredask.dask.WorkerLoad;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the worker jobs that are missed least: first those without a worker at the scheduler, then
 * those whose workers are idle, then those that keep results only; of equals the newest.
 */
class SurplusJobs {

  /** What is lost when a job ends, the least first. */
  enum Loss {
    NOTHING,
    IDLE_WORKERS,
    RESULTS,
    TASKS
  }

  private final WorkersSeen.Told told;

  /** The numbers of those that have a worker at the scheduler. */
  private final Set<Integer> present;

  /** By the number of the job, what is lost with those of its workers that are known. */
  private final Map<Integer, Loss> losses = new HashMap<>();

  SurplusJobs(WorkersSeen.Told told) {
    this.told = told;
    this.present = told.numbers();
    told.loads()
        .orElse(List.of())
        .forEach(
            worker ->
                WorkerJob.numberOf(worker.name())
                    .ifPresent(number -> losses.merge(number, loss(worker), SurplusJobs::greater)));
  }

  /** So many of the jobs. */
  List<WorkerJob> among(List<WorkerJob> jobs, int count) {
    return jobs.stream()
        .sorted(
            Comparator.<WorkerJob, Loss>comparing(this::loss)
                .thenComparing(WorkerJob::number, Comparator.reverseOrder()))
        .limit(count)
        .toList();
  }

  Loss loss(WorkerJob job) {
    if (job.job() == null || told.workers().isPresent() && !present.contains(job.number())) {
      return Loss.NOTHING;
    }
    if (told.loads().isPresent()) {
      return losses.getOrDefault(job.number(), Loss.NOTHING);
    }
    if (told.workers().isPresent()) {
      return Loss.IDLE_WORKERS;
    }
    return job.status() == Status.QUEUED ? Loss.NOTHING : Loss.TASKS;
  }

  private static Loss greater(Loss one, Loss other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  private static Loss loss(WorkerLoad worker) {
    if (worker.processing() > 0) {
      return Loss.TASKS;
    }
    return worker.inMemory() > 0 ? Loss.RESULTS : Loss.IDLE_WORKERS;
  }
}
