package io.unicoredask.cluster;

import io.unicoredask.dask.SchedulerHttp;
import io.unicoredask.dask.SchedulerWorker;
import io.unicoredask.dask.WorkerLoad;
import io.unicoredask.unicore.JobStatus;
import io.unicoredask.unicore.UnicoreSite;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the worker jobs that are missed least: first those without a worker at the scheduler, then
 * those whose workers are idle, then those that keep results only; of equals the newest.
 */
class SurplusJobs {

  /** What is lost when a job ends, the least first. */
  private enum Loss {
    NOTHING,
    IDLE_WORKERS,
    RESULTS,
    TASKS
  }

  private final SchedulerHttp scheduler;
  private final UnicoreSite site;
  private final Optional<List<SchedulerWorker>> retirable;
  private final Optional<List<WorkerLoad>> loads;

  /** Asks the scheduler for its workers. */
  SurplusJobs(SchedulerHttp scheduler, UnicoreSite site) {
    this.scheduler = scheduler;
    this.site = site;
    this.retirable = scheduler.workers();
    this.loads = scheduler.loads();
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

  /**
   * Lets the scheduler move the data of these jobs' workers to others before they are ended.
   *
   * @return whether nothing gets lost
   */
  boolean retire(List<WorkerJob> jobs) {
    if (retirable.isEmpty()) {
      return jobs.stream().allMatch(job -> loss(job) == Loss.NOTHING);
    }
    List<String> addresses =
        retirable.get().stream()
            .filter(worker -> jobs.stream().anyMatch(job -> job.runs(worker.name())))
            .map(SchedulerWorker::address)
            .toList();
    if (!addresses.isEmpty()) {
      scheduler.retire(addresses);
    }
    return true;
  }

  private Loss loss(WorkerJob job) {
    if (retirable.isPresent()
        && retirable.get().stream().noneMatch(worker -> job.runs(worker.name()))) {
      return Loss.NOTHING;
    }
    if (loads.isPresent()) {
      return loads.get().stream()
          .filter(worker -> job.runs(worker.name()))
          .map(SurplusJobs::loss)
          .max(Comparator.naturalOrder())
          .orElse(Loss.NOTHING);
    }
    if (retirable.isPresent()) {
      return Loss.IDLE_WORKERS;
    }
    return site.job(job.job()).status() == JobStatus.RUNNING ? Loss.TASKS : Loss.NOTHING;
  }

  private static Loss loss(WorkerLoad worker) {
    if (worker.processing() > 0) {
      return Loss.TASKS;
    }
    return worker.inMemory() > 0 ? Loss.RESULTS : Loss.IDLE_WORKERS;
  }
}
