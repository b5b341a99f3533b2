package io.unicoredask.camunda;

import io.unicoredask.camunda.ClusterDetails.Job;
import io.unicoredask.cluster.keeper.AllocationJob;
import io.unicoredask.cluster.keeper.AtWork;
import io.unicoredask.cluster.keeper.Cluster;
import io.unicoredask.cluster.keeper.JobTimes;
import io.unicoredask.cluster.keeper.SchedulerJob;
import io.unicoredask.cluster.keeper.WorkerJob;
import io.unicoredask.cluster.site.Sites;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** A cluster's jobs as people are shown them. */
class ShownJobs {

  private static final String WANTED = "WANTED";
  private static final String QUEUED = "QUEUED";
  private static final String RUNNING = "RUNNING";
  private static final String ENDED = "ENDED";

  private final Sites sites;

  ShownJobs(Sites sites) {
    this.sites = sites;
  }

  /** Those of a cluster that lives. */
  List<Job> of(Cluster cluster) {
    AtWork atWork = AtWork.of(cluster);
    List<Job> jobs = new ArrayList<>();
    AllocationJob allocation = cluster.allocation();
    if (allocation != null) {
      boolean runs = atWork.allocation() || !allocation.own();
      jobs.add(
          job(
              cluster,
              "allocation",
              allocation.job(),
              state(allocation.job(), allocation.over(), runs),
              allocation.times(),
              null));
    }
    SchedulerJob scheduler = cluster.scheduler();
    if (scheduler != null) {
      jobs.add(
          job(
              cluster,
              "scheduler",
              scheduler.job(),
              state(scheduler.job(), scheduler.over(), atWork.scheduler()),
              scheduler.times(),
              null));
    }
    cluster.workers().forEach(worker -> jobs.add(of(cluster, worker)));
    return jobs;
  }

  private Job of(Cluster cluster, WorkerJob worker) {
    return job(
        cluster,
        worker.name(),
        worker.job(),
        worker.over() ? ENDED : worker.status().name(),
        worker.times(),
        worker.connected());
  }

  private static String state(URI job, boolean over, boolean runs) {
    if (over) {
      return ENDED;
    }
    return runs ? RUNNING : job == null ? WANTED : QUEUED;
  }

  private Job job(
      Cluster cluster, String role, URI job, String state, JobTimes times, Integer workers) {
    boolean waits = state.equals(WANTED) || state.equals(QUEUED);
    return new Job(
        role,
        job == null ? null : url(cluster.site(), job),
        job == null ? null : id(job.toString()),
        state,
        waits ? times.reason() : null,
        IsoTime.of(times.start()),
        IsoTime.of(times.end()),
        waits ? null : IsoTime.of(times.start()),
        workers);
  }

  /** Nothing if the site is configured no more. */
  private String url(String site, URI job) {
    try {
      return sites.get(site).url(job).toString();
    } catch (IllegalStateException e) {
      return null;
    }
  }

  /** One that is over. */
  static Job ended(String role, String url) {
    return new Job(role, url, id(url), ENDED, null, null, null, null, null);
  }

  private static String id(String url) {
    return url.substring(url.lastIndexOf('/') + 1);
  }
}
