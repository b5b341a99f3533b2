package io.unicoredask.cluster;

import io.unicoredask.cluster.WorkerJob.Status;
import io.unicoredask.dask.SchedulerHttp;
import io.unicoredask.unicore.UnicoreSite;
import java.util.List;

/**
 * Ends worker jobs that are too many, in two steps: which are to go is put on record before they
 * are ended, so that it is the same ones however often it is tried.
 */
class Shrinking {

  private static final String API_IS_OFF =
      "when it was scaled down, the scheduler could not be told to move the data of the workers to"
          + " others first: its HTTP API is off. Set no %s for it, or add"
              .formatted(String.join(", ", SchedulerHttp.API_ENVIRONMENT.keySet()))
          + " 'distributed.http.scheduler.api' to it";

  private final SurplusJobs jobs;
  private final UnicoreSite site;

  Shrinking(SchedulerHttp scheduler, UnicoreSite site) {
    this.jobs = new SurplusJobs(scheduler, site);
    this.site = site;
  }

  static boolean isUnderWay(Cluster cluster) {
    return cluster.surplus() > 0 || cluster.workers().stream().anyMatch(WorkerJob::isRetiring);
  }

  /** Takes the next of the two steps. */
  Progress step(Cluster cluster) {
    return cluster.surplus() > 0
        ? Progress.waiting(choose(cluster), "retiring %d worker jobs".formatted(cluster.surplus()))
        : Progress.waiting(end(cluster), "worker jobs ended");
  }

  private Cluster choose(Cluster cluster) {
    List<WorkerJob> chosen = jobs.among(cluster.stayingWorkers(), cluster.surplus());
    return cluster
        .with()
        .surplus(0)
        .workers(
            cluster.workers().stream()
                .map(job -> chosen.contains(job) ? job.in(Status.RETIRING) : job)
                .toList())
        .build();
  }

  private Cluster end(Cluster cluster) {
    List<WorkerJob> retiring = cluster.workers().stream().filter(WorkerJob::isRetiring).toList();
    boolean nothingLost = jobs.retire(retiring);
    retiring.forEach(worker -> site.abort(worker.job()));
    Cluster smaller = cluster.withWorkers(cluster.stayingWorkers());
    return nothingLost ? smaller : smaller.warnedOf(API_IS_OFF);
  }
}
