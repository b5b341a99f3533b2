package io.unicoredask.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.request.QueueWorkers;
import io.unicoredask.cluster.request.TunnelKind;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.relay.RelaySecret;
import io.unicoredask.unicore.Job;
import io.unicoredask.unicore.JobStatus;
import io.unicoredask.unicore.Storage;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.util.function.Supplier;

/**
 * Submits the scheduler's job and waits until it has left the queue: until the site says so, or,
 * since the site says so late, until the job has written its scheduler file. If that is asked for,
 * it queues the workers meanwhile.
 */
class StartingScheduler implements ClusterActivity<ClusterRequest> {

  private final Sites sites;

  StartingScheduler(Sites sites) {
    this.sites = sites;
  }

  @Override
  public Progress begin(Cluster cluster, Supplier<ClusterRequest> request) {
    ClusterRequest wanted = request.get();
    Site site = sites.get(cluster.site());
    OfferCheck.beforeScheduler(wanted, site, cluster);
    JobDescriptions descriptions = new JobDescriptions(wanted);
    ObjectNode description = descriptions.scheduler(RelaySecret.random());
    URI job =
        new Submission(site.unicore()).submitOnce(cluster, cluster.schedulerPurpose(), description);
    Cluster submitted =
        cluster
            .with()
            .scheduler(SchedulerJob.submitted(job))
            .tunnel(wanted.tunnel() == TunnelKind.DIRECT ? TunnelKind.DIRECT : TunnelKind.AUTO)
            .relayAwaitedSince(null)
            .build();
    return Progress.waiting(
        descriptions.warning(description).map(submitted::warnedOf).orElse(submitted),
        "scheduler job submitted");
  }

  @Override
  public Progress look(Cluster before, Supplier<ClusterRequest> request) {
    Site site = sites.get(before.site());
    JobWatch jobs = new JobWatch(site.unicore());
    jobs.requireAllocation(before);
    Job job = jobs.alive(before.scheduler().job(), ClusterError.DASK_SCHEDULER_FAILED, "scheduler");
    Cluster cluster =
        before.scheduler().directory() == null ? prepare(before, job, request, site) : before;
    return hasStarted(cluster.scheduler(), job, site.unicore())
        ? Progress.done(cluster.withScheduler(cluster.scheduler().started(job.forwarding())))
        : Progress.waiting(cluster, "scheduler job " + job.status());
  }

  /**
   * The job's directory is there long before the job runs. With its path workers can be queued; it
   * is put down when all of them are.
   */
  private static Cluster prepare(
      Cluster cluster, Job job, Supplier<ClusterRequest> request, Site site) {
    if (job.workingDirectory() == null) {
      return cluster;
    }
    Storage directory = site.unicore().storage(job.workingDirectory());
    if (!directory.ready()) {
      return cluster;
    }
    Cluster known =
        cluster.withScheduler(
            cluster.scheduler().in(job.workingDirectory(), directory.mountPoint()));
    ClusterRequest wanted = request.get();
    if (wanted.queueWorkers() == QueueWorkers.AFTER_SCHEDULER) {
      return known;
    }
    int jobs = wanted.size().jobsOf(wanted.processes());
    Cluster queued = WorkerJobs.grow(known, jobs, wanted, site);
    return queued.workers().size() < jobs ? queued.withScheduler(cluster.scheduler()) : queued;
  }

  private static boolean hasStarted(SchedulerJob scheduler, Job job, UnicoreSite site) {
    return scheduler.directory() != null
        && job.batchSystemId() != null
        && (job.status() == JobStatus.RUNNING
            || site.file(scheduler.workingDirectory(), JobDescriptions.SCHEDULER_FILE).isPresent());
  }
}
