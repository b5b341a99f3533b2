package io.unicoredask.cluster;

import java.util.function.Supplier;

/**
 * Stays with a cluster that is ready: keeps its local ports open, counts its workers, and notices
 * when its scheduler or its allocation ends. A scheduler that ends without an error, as with {@code
 * --idle-timeout}, ends the cluster.
 */
class Monitoring implements ClusterActivity {

  private final Sites sites;
  private final ConnectedWorkers connectedWorkers;

  Monitoring(Sites sites, ClusterTunnels tunnels) {
    this.sites = sites;
    this.connectedWorkers = new ConnectedWorkers(sites, tunnels);
  }

  @Override
  public Progress begin(Cluster cluster, Supplier<ClusterRequest> request) {
    return Progress.waiting(cluster, "");
  }

  @Override
  public Progress look(Cluster cluster, Supplier<ClusterRequest> request) {
    JobWatch jobs = new JobWatch(sites.get(cluster.site()).unicore());
    if (cluster.allocation() != null) {
      // First: the jobs in it may be said to run long after it is over.
      jobs.alive(cluster.allocation(), ClusterError.DASK_ALLOCATION_FAILED, "allocation");
    }
    boolean ended =
        jobs.endedWell(cluster.scheduler().job(), ClusterError.DASK_SCHEDULER_LOST, "scheduler");
    return ended ? Progress.done(cluster) : Progress.waiting(connectedWorkers.counted(cluster), "");
  }
}
