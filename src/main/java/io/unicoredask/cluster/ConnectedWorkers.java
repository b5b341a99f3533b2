package io.unicoredask.cluster;

import io.unicoredask.dask.SchedulerHttp;
import io.unicoredask.dask.SchedulerHttpException;
import io.unicoredask.dask.SchedulerWorker;

/** Counts the workers that have connected to a cluster's scheduler. */
class ConnectedWorkers {

  private final Sites sites;
  private final ClusterTunnels tunnels;

  ConnectedWorkers(Sites sites, ClusterTunnels tunnels) {
    this.sites = sites;
    this.tunnels = tunnels;
  }

  /**
   * Asks the scheduler.
   *
   * @throws ClusterException if it does not answer and its job is over
   * @throws SchedulerHttpException if it does not answer although its job runs
   */
  Cluster counted(Cluster cluster) {
    try {
      return cluster.withConnectedWorkers(count(cluster, tunnels.of(cluster).api()));
    } catch (SchedulerHttpException e) {
      new JobWatch(sites.get(cluster.site()).unicore())
          .alive(cluster.scheduler().job(), ClusterError.DASK_SCHEDULER_LOST, "scheduler");
      throw e;
    }
  }

  /** Only those of the cluster's own jobs count, as far as the scheduler tells them apart. */
  private static int count(Cluster cluster, SchedulerHttp scheduler) {
    return scheduler
        .workers()
        .map(workers -> (int) workers.stream().filter(worker -> isOurs(worker, cluster)).count())
        .orElseGet(() -> scheduler.counts().workers());
  }

  private static boolean isOurs(SchedulerWorker worker, Cluster cluster) {
    return cluster.workers().stream().anyMatch(job -> job.runs(worker.name()));
  }
}
