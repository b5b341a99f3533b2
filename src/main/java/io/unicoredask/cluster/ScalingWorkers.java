package io.unicoredask.cluster;

import io.unicoredask.dask.SchedulerHttp;
import io.unicoredask.dask.SchedulerWorker;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Submits worker jobs until there are as many as asked for, or retires and aborts the newest until
 * there are no more than that, and waits until the scheduler has the workers, if that is asked for.
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
    if (before.localPort() == null) {
      return Progress.done(before);
    }
    ClusterRequest wanted = request.get();
    Cluster cluster = withoutFinishedJobs(before);
    int jobs = wanted.size().jobsOf(wanted.processes());
    Cluster scaled =
        cluster.workers().size() > jobs ? shrink(cluster, jobs) : grow(cluster, jobs, wanted);
    return wanted.waitForStartup()
        ? Progress.waiting(scaled, "%d worker jobs submitted".formatted(scaled.workers().size()))
        : Progress.done(scaled);
  }

  @Override
  public Progress look(Cluster cluster) {
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

  private Cluster grow(Cluster cluster, int jobs, ClusterRequest request) {
    Site site = sites.get(cluster.site());
    if (cluster.workers().size() < jobs) {
      OfferCheck.beforeWorkers(request, site, cluster);
    }
    Submission submission = new Submission(site.unicore());
    JobDescriptions descriptions = new JobDescriptions(request, site.defaults());
    List<WorkerJob> workers = new ArrayList<>(cluster.workers());
    int number = cluster.nextWorker();
    for (; workers.size() < jobs; number++) {
      String name = "worker-" + number;
      URI job =
          submission.submitOnce(
              cluster, name, descriptions.worker(name, cluster.scheduler().schedulerFile()));
      workers.add(new WorkerJob(number, name, job, request.processes()));
    }
    return cluster.with().workers(workers).nextWorker(number).build();
  }

  private Cluster shrink(Cluster cluster, int jobs) {
    UnicoreSite site = sites.get(cluster.site()).unicore();
    List<WorkerJob> surplus = cluster.workers().subList(jobs, cluster.workers().size());
    retire(surplus, tunnels.of(cluster).api());
    surplus.forEach(worker -> site.abort(worker.job()));
    return cluster.withWorkers(cluster.workers().subList(0, jobs));
  }

  /** Lets the scheduler move the data of these workers to others before they are ended. */
  private static void retire(List<WorkerJob> surplus, SchedulerHttp scheduler) {
    List<String> addresses =
        scheduler.workers().orElse(List.of()).stream()
            .filter(worker -> surplus.stream().anyMatch(job -> job.runs(worker.name())))
            .map(SchedulerWorker::address)
            .toList();
    if (!addresses.isEmpty()) {
      scheduler.retire(addresses);
    }
  }
}
