package io.unicoredask.cluster;

import io.unicoredask.unicore.UnicoreSite;
import java.util.function.Supplier;

/**
 * Stays with a cluster that is ready: keeps its local ports open, counts its workers, and notices
 * when its scheduler ends. A scheduler that ends without an error, as with {@code --idle-timeout},
 * ends the cluster.
 */
class Monitoring implements ClusterActivity<ClusterRequest> {

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
  public Progress look(Cluster cluster) {
    UnicoreSite site = sites.get(cluster.site()).unicore();
    boolean ended =
        new JobWatch(site)
            .endedWell(cluster.scheduler().job(), ClusterError.DASK_SCHEDULER_LOST, "scheduler");
    return ended ? Progress.done(cluster) : Progress.waiting(connectedWorkers.counted(cluster), "");
  }
}
