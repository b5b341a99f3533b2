package io.unicoredask.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.unicore.Job;
import io.unicoredask.unicore.JobStatus;
import io.unicoredask.unicore.Storage;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Submits the scheduler's job and waits until it has left the queue: until the site says so, or,
 * since the site says so late, until the job has written its scheduler file.
 */
class StartingScheduler implements ClusterActivity<ClusterRequest> {

  private static final Logger LOG = LoggerFactory.getLogger(StartingScheduler.class);

  private final Sites sites;

  StartingScheduler(Sites sites) {
    this.sites = sites;
  }

  @Override
  public Progress begin(Cluster cluster, Supplier<ClusterRequest> request) {
    ClusterRequest wanted = request.get();
    Site site = sites.get(cluster.site());
    OfferCheck.beforeScheduler(wanted, site, cluster);
    JobDescriptions descriptions = new JobDescriptions(wanted, site.defaults());
    ObjectNode description = descriptions.scheduler();
    descriptions
        .warning(description)
        .ifPresent(warning -> LOG.warn("Cluster {}: {}", cluster.id(), warning));
    URI job = new Submission(site.unicore()).submitOnce(cluster, "scheduler", description);
    return Progress.waiting(
        cluster.withScheduler(SchedulerJob.submitted(job)), "scheduler job submitted");
  }

  @Override
  public Progress look(Cluster cluster) {
    UnicoreSite site = sites.get(cluster.site()).unicore();
    SchedulerJob scheduler = cluster.scheduler();
    Job job =
        new JobWatch(site).alive(scheduler.job(), ClusterError.DASK_SCHEDULER_FAILED, "scheduler");
    Progress waiting = Progress.waiting(cluster, "scheduler job " + job.status());
    if (job.batchSystemId() == null || job.workingDirectory() == null) {
      return waiting;
    }
    Storage directory = site.storage(job.workingDirectory());
    boolean started =
        directory.ready()
            && (job.status() == JobStatus.RUNNING
                || site.file(job.workingDirectory(), JobDescriptions.SCHEDULER_FILE).isPresent());
    return started
        ? Progress.done(
            cluster.withScheduler(
                scheduler.started(
                    job.workingDirectory(), directory.mountPoint(), job.forwarding())))
        : waiting;
  }
}
