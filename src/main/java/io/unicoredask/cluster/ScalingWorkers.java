package io.unicoredask.cluster;

import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.dask.SchedulerHttpException;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Submits worker jobs until there are as many as asked for, or retires and aborts those that are
 * missed least until there are no more than that, and waits until the scheduler has the workers, if
 * that is asked for. How many there are to be is put on record first; the rest is done in looks,
 * some jobs in each, so that what was submitted is on record soon.
 */
class ScalingWorkers implements ClusterActivity<ClusterRequest> {

  private static final String UNDER_WAY = "another scaling is under way";

  private final Sites sites;
  private final ClusterTunnels tunnels;
  private final ConnectedWorkers connectedWorkers;

  /** The clusters that are just being looked at: two at once would submit the same job. */
  private final Set<String> busy = ConcurrentHashMap.newKeySet();

  ScalingWorkers(Sites sites, ClusterTunnels tunnels) {
    this.sites = sites;
    this.tunnels = tunnels;
    this.connectedWorkers = new ConnectedWorkers(sites, tunnels);
  }

  @Override
  public Progress begin(Cluster before, Supplier<ClusterRequest> request) {
    if (!before.isReachable()) {
      return Progress.done(before);
    }
    ClusterRequest wanted = request.get();
    Cluster cluster =
        before.withoutLostWorkers().withAdaptation(Adaptation.of(wanted, before)).withSurplus(0);
    return Progress.waiting(cluster.withTarget(target(cluster, wanted)), "counting worker jobs");
  }

  private static ScaleTarget target(Cluster cluster, ClusterRequest wanted) {
    int jobs =
        cluster.adaptation() == null
            ? wanted.size().jobsOf(wanted.processes())
            : cluster.adaptation().jobs(cluster.lastingWorkers());
    return new ScaleTarget(jobs, cluster.nextWorker());
  }

  @Override
  public Progress look(Cluster cluster, Supplier<ClusterRequest> request) {
    if (!cluster.isReachable()) {
      // It is being started anew, and gets its workers then.
      return Progress.done(cluster);
    }
    if (!busy.add(cluster.id())) {
      return Progress.waiting(cluster, UNDER_WAY);
    }
    try {
      return scaled(cluster, request);
    } catch (SchedulerHttpException e) {
      URI scheduler = cluster.scheduler().job();
      if (new JobWatch(site(cluster))
          .leftWell(scheduler, ClusterError.DASK_SCHEDULER_LOST, "scheduler")) {
        throw new ClusterException(
            ClusterError.DASK_SCHEDULER_LOST, "the scheduler has ended by itself");
      }
      throw e;
    } finally {
      busy.remove(cluster.id());
    }
  }

  private Progress scaled(Cluster cluster, Supplier<ClusterRequest> request) {
    if (Shrinking.isUnderWay(cluster)) {
      return new Shrinking(tunnels.of(cluster).api(), site(cluster)).step(cluster);
    }
    Cluster counted = connectedWorkers.counted(cluster);
    return counted.target() == null ? awaited(counted, request) : approached(counted, request);
  }

  private Progress approached(Cluster counted, Supplier<ClusterRequest> request) {
    requireAlive(
        counted,
        counted.lostWorkers().stream()
            .filter(job -> job.number() >= counted.target().firstNew() && !job.wasConnected())
            .toList());
    Cluster cluster = counted.withoutLostWorkers();
    int jobs = cluster.target().jobs();
    int surplus = cluster.stayingWorkers().size() - jobs;
    if (surplus > 0) {
      return Progress.waiting(
          cluster.with().surplus(surplus).target(null).build(), "choosing worker jobs to be ended");
    }
    ClusterRequest wanted = request.get();
    Cluster grown = WorkerJobs.grow(cluster, jobs, wanted, sites.get(cluster.site()));
    int there = grown.stayingWorkers().size();
    String note = "%d of %d worker jobs submitted".formatted(there, jobs);
    if (there < jobs) {
      return Progress.waiting(grown, note);
    }
    Cluster complete = grown.withTarget(null);
    return wanted.waitForStartup() && !followsItsWork(complete)
        ? Progress.waiting(complete, note)
        : Progress.done(complete);
  }

  private Progress awaited(Cluster counted, Supplier<ClusterRequest> request) {
    int planned = counted.plannedWorkers();
    if (counted.connectedWorkers() >= planned || followsItsWork(counted)) {
      return Progress.done(counted);
    }
    List<WorkerJob> lost = counted.lostWorkers();
    if (!lost.isEmpty() && areReplaceable(lost, counted, request)) {
      Cluster cluster = counted.withoutLostWorkers();
      return Progress.waiting(
          cluster.withTarget(target(cluster, request.get())),
          "replacing %d worker jobs".formatted(lost.size()));
    }
    requireAlive(counted, lost);
    return Progress.waiting(
        counted, "%d of %d workers connected".formatted(counted.connectedWorkers(), planned));
  }

  private void requireAlive(Cluster cluster, List<WorkerJob> workers) {
    if (workers.isEmpty()) {
      return;
    }
    JobWatch jobs = new JobWatch(site(cluster));
    jobs.requireAllocation(cluster);
    workers.forEach(
        worker -> jobs.alive(worker.job(), ClusterError.DASK_WORKER_FAILED, worker.name()));
  }

  /** What never was connected would fail again. */
  private static boolean areReplaceable(
      List<WorkerJob> lost, Cluster cluster, Supplier<ClusterRequest> request) {
    return lost.stream().allMatch(WorkerJob::wasConnected)
        && cluster.replacements() + lost.size() <= request.get().maxReplacements();
  }

  /** By when new workers come another number may be wanted; one scaling after the other waits. */
  private static boolean followsItsWork(Cluster cluster) {
    return cluster.adaptation() != null && cluster.adaptation().workers() != null;
  }

  private UnicoreSite site(Cluster cluster) {
    return sites.get(cluster.site()).unicore();
  }
}
