package io.unicoredask.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.unicore.UnicoreException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Submits a cluster's worker jobs. */
class WorkerJobs {

  private WorkerJobs() {}

  /** Few, so that what was submitted is on record soon. */
  private static final int AT_ONCE = 10;

  /**
   * Submits some more until there are this many jobs; none if there are. The rest is for the next
   * time, also what the site does not take now.
   */
  static Cluster grow(Cluster cluster, int jobs, ClusterRequest request, Site site) {
    int missing = Math.min(AT_ONCE, jobs - cluster.stayingWorkers().size());
    if (missing <= 0) {
      return cluster;
    }
    OfferCheck.beforeWorkers(request, site, cluster);
    Submission submission = new Submission(site.unicore());
    JobDescriptions descriptions = new JobDescriptions(request);
    SchedulerJob scheduler = cluster.scheduler();
    List<WorkerJob> workers = new ArrayList<>(cluster.workers());
    Cluster warned = cluster;
    int number = cluster.nextWorker();
    for (; number < cluster.nextWorker() + missing; number++) {
      String name = WorkerJob.name(number);
      ObjectNode description = description(descriptions, scheduler, name);
      URI job;
      try {
        job = submission.submitOnce(cluster, name, description);
      } catch (UnicoreException e) {
        if (number > cluster.nextWorker() && e.isRetryable()) {
          break;
        }
        throw e;
      }
      warned = descriptions.warning(description).map(warned::warnedOf).orElse(warned);
      workers.add(WorkerJob.submitted(number, job, request.processes()));
    }
    return warned.with().workers(workers).nextWorker(number).build();
  }

  static ObjectNode description(JobDescriptions jobs, SchedulerJob scheduler, String name) {
    return jobs.worker(name, scheduler.schedulerFile(), !scheduler.isListening());
  }
}
