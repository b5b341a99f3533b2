package io.unicoredask.cluster;

import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.dask.InvalidSchedulerFileException;
import io.unicoredask.dask.SchedulerFile;
import io.unicoredask.unicore.UnicoreSite;
import java.util.Optional;
import java.util.function.Supplier;

/** Waits until the scheduler has written where it listens. */
class AwaitingScheduler implements ClusterActivity<ClusterRequest> {

  private final Sites sites;

  AwaitingScheduler(Sites sites) {
    this.sites = sites;
  }

  @Override
  public Progress begin(Cluster cluster, Supplier<ClusterRequest> request) {
    return look(cluster, request);
  }

  @Override
  public Progress look(Cluster cluster, Supplier<ClusterRequest> request) {
    UnicoreSite site = sites.get(cluster.site()).unicore();
    SchedulerJob scheduler = cluster.scheduler();
    Optional<SchedulerFile> file =
        site.file(scheduler.workingDirectory(), JobDescriptions.SCHEDULER_FILE)
            .flatMap(AwaitingScheduler::parse);
    if (file.isPresent()) {
      SchedulerFile known = file.get();
      if (known.dashboardPort() == null) {
        throw new ClusterException(
            ClusterError.DASK_SCHEDULER_FAILED,
            "the scheduler file names no HTTP server (services.dashboard), which every scheduler"
                + " has by default; it is needed to count the workers");
      }
      return Progress.done(cluster.withScheduler(scheduler.listening(known)));
    }
    JobWatch jobs = new JobWatch(site);
    jobs.requireAllocation(cluster);
    jobs.alive(scheduler.job(), ClusterError.DASK_SCHEDULER_FAILED, "scheduler");
    return Progress.waiting(cluster, "no scheduler file yet");
  }

  private static Optional<SchedulerFile> parse(byte[] content) {
    try {
      return SchedulerFile.parse(content);
    } catch (InvalidSchedulerFileException e) {
      throw new ClusterException(
          ClusterError.DASK_SCHEDULER_FAILED,
          "the scheduler file cannot be used: " + e.getMessage(),
          e);
    }
  }
}
