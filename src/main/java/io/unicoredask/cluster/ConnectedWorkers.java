package io.unicoredask.cluster;

import io.unicoredask.cluster.WorkerJob.Status;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.dask.SchedulerHttp;
import io.unicoredask.dask.SchedulerHttpException;
import io.unicoredask.dask.SchedulerWorker;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Counts the workers that have connected to a cluster's scheduler, and says how each job is. */
class ConnectedWorkers {

  private final Sites sites;
  private final ClusterTunnels tunnels;

  ConnectedWorkers(Sites sites, ClusterTunnels tunnels) {
    this.sites = sites;
    this.tunnels = tunnels;
  }

  /**
   * Asks the scheduler, and the site about those that it does not have.
   *
   * @throws SchedulerHttpException if it does not answer
   */
  Cluster counted(Cluster cluster) {
    SchedulerHttp scheduler = tunnels.of(cluster).api();
    Optional<List<SchedulerWorker>> ours =
        scheduler.workers().map(workers -> workers.stream().filter(cluster::runs).toList());
    int connected = ours.map(List::size).orElseGet(() -> scheduler.counts().workers());
    boolean all = connected >= cluster.plannedWorkers();
    JobWatch jobs = new JobWatch(sites.get(cluster.site()).unicore());
    Function<WorkerJob, Status> status =
        job -> {
          if (job.isRetiring()) {
            return Status.RETIRING;
          }
          return all || isConnected(job, ours) ? Status.CONNECTED : jobs.of(job);
        };
    return cluster
        .with()
        .connectedWorkers(connected)
        .workers(cluster.workers().stream().map(job -> job.in(status.apply(job))).toList())
        .build();
  }

  /** Only where the scheduler tells the workers apart. */
  private static boolean isConnected(WorkerJob job, Optional<List<SchedulerWorker>> known) {
    return known
        .map(workers -> workers.stream().filter(worker -> job.runs(worker.name())).count())
        .filter(count -> count >= job.processes())
        .isPresent();
  }
}
