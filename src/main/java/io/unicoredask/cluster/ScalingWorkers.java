package io.unicoredask.cluster;

import io.unicoredask.dask.SchedulerHttpException;
import java.net.URI;
import java.util.List;
import java.util.function.Supplier;

/**
 * Submits worker jobs until there are as many as asked for, or retires and aborts those that are
 * missed least until there are no more than that, and waits until the scheduler has the workers, if
 * that is asked for.
 */
class ScalingWorkers implements ClusterActivity<ClusterRequest> {

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
    if (before.localPort() == null || !isListening(before.scheduler())) {
      return Progress.done(before);
    }
    ClusterRequest wanted = request.get();
    Cluster cluster = withoutFinishedJobs(before).withAdaptation(Adaptation.of(wanted, before));
    int jobs =
        cluster.adaptation() == null
            ? wanted.size().jobsOf(wanted.processes())
            : cluster.adaptation().jobs(cluster.lastingWorkers());
    int surplus = cluster.stayingWorkers().size() - jobs;
    if (surplus > 0) {
      return Progress.waiting(cluster.withSurplus(surplus), "choosing worker jobs to be ended");
    }
    Cluster grown =
        WorkerJobs.grow(cluster.withSurplus(0), jobs, wanted, sites.get(cluster.site()));
    return wanted.waitForStartup() && !followsItsWork(grown) || Shrinking.isUnderWay(grown)
        ? Progress.waiting(grown, "%d worker jobs submitted".formatted(grown.workers().size()))
        : Progress.done(grown);
  }

  @Override
  public Progress look(Cluster cluster, Supplier<ClusterRequest> request) {
    JobWatch jobs = new JobWatch(sites.get(cluster.site()).unicore());
    Cluster counted;
    try {
      if (Shrinking.isUnderWay(cluster)) {
        return new Shrinking(tunnels.of(cluster).api(), sites.get(cluster.site()).unicore())
            .step(cluster);
      }
      counted = connectedWorkers.counted(cluster);
    } catch (SchedulerHttpException e) {
      URI scheduler = cluster.scheduler().job();
      if (jobs.leftWell(scheduler, ClusterError.DASK_SCHEDULER_LOST, "scheduler")) {
        throw new ClusterException(
            ClusterError.DASK_SCHEDULER_LOST, "the scheduler has ended by itself");
      }
      throw e;
    }
    int planned = cluster.plannedWorkers();
    if (counted.connectedWorkers() >= planned || followsItsWork(counted)) {
      return Progress.done(counted);
    }
    for (WorkerJob lost : counted.lostWorkers()) {
      jobs.alive(lost.job(), ClusterError.DASK_WORKER_FAILED, lost.name());
    }
    return Progress.waiting(
        counted, "%d of %d workers connected".formatted(counted.connectedWorkers(), planned));
  }

  /** One that is started anew has its local ports already. */
  private static boolean isListening(SchedulerJob scheduler) {
    return scheduler != null && scheduler.isListening();
  }

  /** By when new workers come another number may be wanted; one scaling after the other waits. */
  private static boolean followsItsWork(Cluster cluster) {
    return cluster.adaptation() != null && cluster.adaptation().workers() != null;
  }

  /** Jobs that ended since do not count as workers that are there, and are replaced. */
  private Cluster withoutFinishedJobs(Cluster cluster) {
    JobWatch jobs = new JobWatch(sites.get(cluster.site()).unicore());
    List<WorkerJob> alive =
        cluster.workers().stream().filter(worker -> jobs.isAlive(worker.job())).toList();
    long lost = cluster.stayingWorkers().stream().filter(job -> !alive.contains(job)).count();
    return cluster
        .with()
        .workers(alive)
        .replacements(cluster.replacements() + (int) lost)
        .replacing(false)
        .build();
  }
}
