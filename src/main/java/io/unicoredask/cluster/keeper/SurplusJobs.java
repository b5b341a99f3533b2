package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.keeper.WorkerJob.Status;
import io.unicoredask.dask.WorkerLoad;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

  SurplusJobs(WorkersSeen.Told told) {
    this.told = told;
  }

  /** So many of the jobs. */
  List<WorkerJob> among(List<WorkerJob> jobs, int count) {
    Map<WorkerJob, Loss> losses = new HashMap<>();
    jobs.forEach(job -> losses.put(job, loss(job)));
    return jobs.stream()
        .sorted(
            Comparator.<WorkerJob, Loss>comparing(losses::get)
                .thenComparing(WorkerJob::number, Comparator.reverseOrder()))
        .limit(count)
        .toList();
  }

  Loss loss(WorkerJob job) {
    if (job.job() == null
        || told.workers().isPresent()
            && told.workers().get().stream().noneMatch(worker -> job.runs(worker.name()))) {
      return Loss.NOTHING;
    }
    if (told.loads().isPresent()) {
      return told.loads().get().stream()
          .filter(worker -> job.runs(worker.name()))
          .map(SurplusJobs::loss)
          .max(Comparator.naturalOrder())
          .orElse(Loss.NOTHING);
    }
    if (told.workers().isPresent()) {
      return Loss.IDLE_WORKERS;
    }
    return job.status() == Status.QUEUED ? Loss.NOTHING : Loss.TASKS;
  }

  private static Loss loss(WorkerLoad worker) {
    if (worker.processing() > 0) {
      return Loss.TASKS;
    }
    return worker.inMemory() > 0 ? Loss.RESULTS : Loss.IDLE_WORKERS;
  }
}
