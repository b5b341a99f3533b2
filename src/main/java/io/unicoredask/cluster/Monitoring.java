package io.unicoredask.cluster;

import static java.util.stream.Collectors.joining;

import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.dask.SchedulerHttpException;
import java.net.URI;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * Stays with a cluster that is ready: keeps its local ports open, counts its workers, notices which
 * jobs are lost, has so many replaced, sees how many its work wants, and notices when its scheduler
 * or its allocation ends. A scheduler that ends without an error, as with {@code --idle-timeout},
 * ends the cluster.
 */
class Monitoring implements ClusterActivity<ClusterRequest> {

  private final Sites sites;
  private final ClusterTunnels tunnels;
  private final ConnectedWorkers connectedWorkers;

  Monitoring(Sites sites, ClusterTunnels tunnels) {
    this.sites = sites;
    this.tunnels = tunnels;
    this.connectedWorkers = new ConnectedWorkers(sites, tunnels);
  }

  @Override
  public Progress begin(Cluster cluster, Supplier<ClusterRequest> request) {
    Long since = cluster.readySince();
    return Progress.waiting(
        cluster.withReadySince(since == null ? Long.valueOf(System.currentTimeMillis()) : since),
        "");
  }

  @Override
  public Progress look(Cluster cluster, Supplier<ClusterRequest> request) {
    JobWatch jobs = new JobWatch(sites.get(cluster.site()).unicore());
    jobs.requireAllocation(cluster);
    URI scheduler = cluster.scheduler().job();
    if (jobs.endedWell(scheduler, ClusterError.DASK_SCHEDULER_LOST, "scheduler")) {
      return Progress.done(cluster);
    }
    try {
      Cluster reached = cluster.withRelayAwaitedSince(null);
      return watched(adapted(connectedWorkers.counted(reached)), request);
    } catch (SchedulerHttpException e) {
      if (jobs.leftWell(scheduler, ClusterError.DASK_SCHEDULER_LOST, "scheduler")) {
        return Progress.done(cluster);
      }
      return withoutRelay(cluster, request, e);
    }
  }

  /** A scheduler that is slow to answer, or a site, is no reason to cut the clients off. */
  private Progress withoutRelay(
      Cluster cluster, Supplier<ClusterRequest> request, SchedulerHttpException failure) {
    Cluster without =
        tunnels.isRelayGone(cluster)
            ? RelayFallback.of(cluster, request.get(), failure.getMessage())
            : cluster;
    if (without.equals(cluster)) {
      throw failure;
    }
    return Progress.waiting(without, failure.getMessage());
  }

  /** Sees how many workers are wanted, unless the cluster is about to be scaled already. */
  private Cluster adapted(Cluster cluster) {
    Adaptation adaptation = cluster.adaptation();
    if (adaptation == null || adaptation.scaling()) {
      return cluster;
    }
    OptionalInt wanted = WantedWorkers.of(cluster, tunnels.of(cluster).api());
    return wanted.isEmpty()
        ? cluster.warnedOf(WantedWorkers.CANNOT_TELL)
        : cluster.withAdaptation(adaptation.wanting(wanted.getAsInt(), cluster.lastingWorkers()));
  }

  /**
   * Only what once was connected is replaced: what never was would fail again, and its replacement,
   * and so on.
   */
  private static Progress watched(Cluster cluster, Supplier<ClusterRequest> request) {
    List<WorkerJob> lost = cluster.lostWorkers();
    if (lost.isEmpty() || cluster.replacing()) {
      return Progress.waiting(cluster, "");
    }
    String what =
        "%d of %d worker jobs ended unexpectedly (%s)"
            .formatted(
                lost.size(),
                cluster.workers().size(),
                lost.stream().map(WorkerJob::name).collect(joining(", ")));
    if (lost.stream().noneMatch(WorkerJob::wasConnected)) {
      return Progress.waiting(
          cluster, what + "; not replaced, since their workers have never been connected");
    }
    int most = request.get().maxReplacements();
    return cluster.replacements() + lost.size() > most
        ? Progress.waiting(
            cluster,
            "%s; not replaced, since %d were already and maxReplacements = %d"
                .formatted(what, cluster.replacements(), most))
        : Progress.waiting(cluster.withReplacing(true), what + "; replacing");
  }
}
