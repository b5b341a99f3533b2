package io.unicoredask.cluster;

import static java.util.stream.Collectors.joining;

import io.unicoredask.dask.SchedulerHttpException;
import java.net.URI;
import java.util.function.Supplier;

/**
 * Stays with a cluster that is ready: keeps its local ports open, counts its workers, notices which
 * jobs are lost, has so many replaced, and notices when its scheduler or its allocation ends. A
 * scheduler that ends without an error, as with {@code --idle-timeout}, ends the cluster.
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
  public Progress look(Cluster cluster, Supplier<ClusterRequest> request) {
    JobWatch jobs = new JobWatch(sites.get(cluster.site()).unicore());
    if (cluster.allocation() != null) {
      // First: the jobs in it may be said to run long after it is over.
      jobs.alive(cluster.allocation(), ClusterError.DASK_ALLOCATION_FAILED, "allocation");
    }
    URI scheduler = cluster.scheduler().job();
    if (jobs.endedWell(scheduler, ClusterError.DASK_SCHEDULER_LOST, "scheduler")) {
      return Progress.done(cluster);
    }
    try {
      return watched(connectedWorkers.counted(cluster), request);
    } catch (SchedulerHttpException e) {
      if (jobs.leftWell(scheduler, ClusterError.DASK_SCHEDULER_LOST, "scheduler")) {
        return Progress.done(cluster);
      }
      throw e;
    }
  }

  private static Progress watched(Cluster cluster, Supplier<ClusterRequest> request) {
    int lost = cluster.lostWorkers().size();
    if (lost == 0 || cluster.replacing()) {
      return Progress.waiting(cluster, "");
    }
    int most = request.get().maxReplacements();
    boolean replacing = cluster.replacements() + lost <= most;
    String note =
        "%d of %d worker jobs ended unexpectedly (%s); %s"
            .formatted(
                lost,
                cluster.workers().size(),
                cluster.lostWorkers().stream().map(WorkerJob::name).collect(joining(", ")),
                replacing
                    ? "replacing"
                    : "not replaced, since %d were already and maxReplacements = %d"
                        .formatted(cluster.replacements(), most));
    return Progress.waiting(cluster.withReplacing(replacing), note);
  }
}
