package io.unicoredask.camunda;

import io.unicoredask.camunda.ClusterDetails.Job;
import io.unicoredask.cluster.IsoTime;
import io.unicoredask.cluster.keeper.Cluster;
import io.unicoredask.cluster.keeper.JobState;
import io.unicoredask.cluster.keeper.JobTimes;
import io.unicoredask.cluster.keeper.WorkerJob;
import io.unicoredask.cluster.site.Sites;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** A cluster's jobs as people are shown them. */
class ShownJobs {

  private final Sites sites;

  ShownJobs(Sites sites) {
    this.sites = sites;
  }

  /** Those of a cluster that lives. */
  List<Job> of(Cluster cluster) {
    List<Job> jobs = new ArrayList<>();
    JobState.ofAllocation(cluster)
        .ifPresent(
            state ->
                jobs.add(
                    job(
                        cluster,
                        "allocation",
                        cluster.allocation().job(),
                        state,
                        cluster.allocation().times(),
                        null)));
    JobState.ofScheduler(cluster)
        .ifPresent(
            state ->
                jobs.add(
                    job(
                        cluster,
                        "scheduler",
                        cluster.scheduler().job(),
                        state,
                        cluster.scheduler().times(),
                        null)));
    for (WorkerJob worker : cluster.workers()) {
      jobs.add(
          job(
              cluster,
              worker.name(),
              worker.job(),
              JobState.of(worker),
              worker.times(),
              worker.connected()));
    }
    return jobs;
  }

  private Job job(
      Cluster cluster, String role, URI job, JobState state, JobTimes times, Integer workers) {
    boolean waits = state == JobState.WANTED || state == JobState.QUEUED;
    return new Job(
        role,
        job == null ? null : url(cluster.site(), job),
        job == null ? null : id(job.toString()),
        state.name(),
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
    return new Job(role, url, id(url), JobState.ENDED.name(), null, null, null, null, null);
  }

  private static String id(String url) {
    return url.substring(url.lastIndexOf('/') + 1);
  }
}
