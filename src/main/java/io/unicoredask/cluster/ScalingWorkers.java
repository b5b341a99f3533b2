package io.unicoredask.cluster;

import io.unicoredask.dask.SchedulerHttp;
import io.unicoredask.unicore.UnicoreSite;
import java.util.List;
import java.util.function.Supplier;

/**
 * Submits worker jobs until there are as many as asked for, or retires and aborts those that are
 * missed least until there are no more than that, and waits until the scheduler has the workers, if
 * that is asked for.
 */
class ScalingWorkers implements ClusterActivity {

  private static final String API_IS_OFF =
      "when it was scaled down, the scheduler could not be told to move the data of the workers to"
          + " others first: its HTTP API is off. Set no %s for it, or add"
              .formatted(String.join(", ", SchedulerHttp.API_ENVIRONMENT.keySet()))
          + " 'distributed.http.scheduler.api' to it";

  private final Sites sites;
  private final ClusterTunnels tunnels;
  private final ConnectedWorkers connectedWorkers;

  ScalingWorkers(Sites sites, ClusterTunnels tunnels) {
    this.sites = sites;
    this.tunnels = tunnels;
    this.connectedWorkers = new ConnectedWorkers(sites, tunnels);
  }

  @Override
  public Progress begin(Cluster before, Supplier<ClusterRequest> request) {
    if (before.localPort() == null) {
      return Progress.done(before);
    }
    ClusterRequest wanted = request.get();
    Cluster cluster = withoutFinishedJobs(before);
    int jobs = wanted.size().jobsOf(wanted.processes());
    Cluster scaled =
        cluster.workers().size() > jobs
            ? shrink(cluster, jobs)
            : WorkerJobs.grow(cluster, jobs, wanted, sites.get(cluster.site()));
    return wanted.waitForStartup()
        ? Progress.waiting(scaled, "%d worker jobs submitted".formatted(scaled.workers().size()))
        : Progress.done(scaled);
  }

  @Override
  public Progress look(Cluster cluster, Supplier<ClusterRequest> request) {
    Cluster counted = connectedWorkers.counted(cluster);
    int planned = cluster.plannedWorkers();
    if (counted.connectedWorkers() >= planned) {
      return Progress.done(counted);
    }
    JobWatch jobs = new JobWatch(sites.get(cluster.site()).unicore());
    for (WorkerJob worker : cluster.workers()) {
      jobs.alive(worker.job(), ClusterError.DASK_WORKER_FAILED, worker.name());
    }
    return Progress.waiting(
        counted, "%d of %d workers connected".formatted(counted.connectedWorkers(), planned));
  }

  /** Jobs that ended since do not count as workers that are there. */
  private Cluster withoutFinishedJobs(Cluster cluster) {
    JobWatch jobs = new JobWatch(sites.get(cluster.site()).unicore());
    return cluster.withWorkers(
        cluster.workers().stream().filter(worker -> jobs.isAlive(worker.job())).toList());
  }

  private Cluster shrink(Cluster cluster, int jobs) {
    UnicoreSite site = sites.get(cluster.site()).unicore();
    SurplusJobs surplusJobs = new SurplusJobs(tunnels.of(cluster).api(), site);
    List<WorkerJob> surplus = surplusJobs.among(cluster.workers(), cluster.workers().size() - jobs);
    boolean nothingLost = surplusJobs.retire(surplus);
    surplus.forEach(worker -> site.abort(worker.job()));
    Cluster smaller =
        cluster.withWorkers(
            cluster.workers().stream().filter(worker -> !surplus.contains(worker)).toList());
    return nothingLost ? smaller : smaller.warnedOf(API_IS_OFF);
  }
}
