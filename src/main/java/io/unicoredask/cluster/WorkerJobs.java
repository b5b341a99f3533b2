package io.unicoredask.cluster;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Submits a cluster's worker jobs. */
class WorkerJobs {

  private WorkerJobs() {}

  /** Submits so many that there are this many jobs; none if there are. */
  static Cluster grow(Cluster cluster, int jobs, ClusterRequest request, Site site) {
    if (cluster.workers().size() >= jobs) {
      return cluster;
    }
    OfferCheck.beforeWorkers(request, site, cluster);
    Submission submission = new Submission(site.unicore());
    JobDescriptions descriptions = new JobDescriptions(request, site.defaults());
    SchedulerJob scheduler = cluster.scheduler();
    List<WorkerJob> workers = new ArrayList<>(cluster.workers());
    int number = cluster.nextWorker();
    for (; workers.size() < jobs; number++) {
      String name = WorkerJob.name(number);
      URI job =
          submission.submitOnce(
              cluster,
              name,
              descriptions.worker(name, scheduler.schedulerFile(), !scheduler.isListening()));
      workers.add(WorkerJob.submitted(number, job, request.processes()));
    }
    return cluster.with().workers(workers).nextWorker(number).build();
  }
}
