package io.unicoredask.cluster;

import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Ends what is left of a cluster whose scheduler is lost, but for its allocation, so that it can be
 * started anew: its workers know no other scheduler. The local ports are the same ones after it.
 */
class Restarting implements ClusterActivity<ClusterRequest> {

  private final Sites sites;
  private final ClusterTunnels tunnels;

  Restarting(Sites sites, ClusterTunnels tunnels) {
    this.sites = sites;
    this.tunnels = tunnels;
  }

  @Override
  public Progress begin(Cluster cluster, Supplier<ClusterRequest> request) {
    int most = request.get().maxReplacements();
    if (cluster.restarts() >= most) {
      throw new ClusterException(
          ClusterError.DASK_SCHEDULER_LOST,
          "the scheduler was lost once more after %d restarts; allowed are maxReplacements = %d"
              .formatted(cluster.restarts(), most));
    }
    return Progress.waiting(cluster, "ending what is left of the lost scheduler");
  }

  @Override
  public Progress look(Cluster cluster, Supplier<ClusterRequest> request) {
    tunnels.closeForNow(cluster);
    UnicoreSite site = sites.get(cluster.site()).unicore();
    List<URI> alive =
        Stream.concat(
                Stream.of(cluster.scheduler().job()),
                cluster.workers().stream().map(WorkerJob::job))
            .filter(new JobWatch(site)::isAlive)
            .toList();
    alive.forEach(site::abort);
    return alive.isEmpty()
        ? Progress.done(
            cluster
                .with()
                .scheduler(null)
                .workers(List.of())
                .target(null)
                .surplus(0)
                .replacing(false)
                .adaptation(null)
                .restarts(cluster.restarts() + 1)
                .build())
        : Progress.waiting(cluster, "%d jobs aborted, not yet over".formatted(alive.size()));
  }
}
