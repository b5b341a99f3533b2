package io.unicoredask.cluster;

import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.unicore.UnicoreException;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Closes a cluster's local ports and aborts its jobs, those that are known and those that only the
 * site knows of, again and again until the site says that all are over. It looks twice at least: a
 * submission may have been under way when the teardown began.
 */
class TearingDown implements ClusterActivity<ClusterRequest> {

  private final Sites sites;
  private final ClusterTunnels tunnels;

  TearingDown(Sites sites, ClusterTunnels tunnels) {
    this.sites = sites;
    this.tunnels = tunnels;
  }

  @Override
  public Progress begin(Cluster cluster, Supplier<ClusterRequest> request) {
    return Progress.waiting(cluster.withAllOver(false), "ending the jobs");
  }

  @Override
  public Progress look(Cluster cluster, Supplier<ClusterRequest> request) {
    tunnels.close(cluster);
    UnicoreSite site = sites.get(cluster.site()).unicore();
    JobWatch jobs = new JobWatch(site);
    int alive = 0;
    int aborted = 0;
    UnicoreException refusal = null;
    for (URI job : jobs(site, cluster)) {
      try {
        if (jobs.isAlive(job)) {
          alive++;
          site.abort(job);
          aborted++;
        }
      } catch (UnicoreException e) {
        // The others can be ended all the same.
        refusal = e;
      }
    }
    if (refusal != null && aborted == 0) {
      throw refusal;
    }
    if (alive > 0 || refusal != null) {
      return Progress.waiting(
          cluster.withAllOver(false), "%d jobs aborted, not yet over".formatted(aborted));
    }
    return cluster.allOver()
        ? Progress.done(cluster)
        : Progress.waiting(cluster.withAllOver(true), "making sure that nothing is left");
  }

  /** Workers first, so that none reports a lost scheduler; an own allocation last. */
  private static Set<URI> jobs(UnicoreSite site, Cluster cluster) {
    Set<URI> jobs = new LinkedHashSet<>();
    cluster.workers().forEach(worker -> jobs.add(worker.job()));
    if (cluster.scheduler() != null) {
      jobs.add(cluster.scheduler().job());
    }
    jobs.addAll(site.jobs(JobTags.cluster(cluster)));
    jobs.remove(cluster.allocation());
    if (cluster.ownsAllocation()) {
      jobs.add(cluster.allocation());
    }
    return jobs;
  }
}
