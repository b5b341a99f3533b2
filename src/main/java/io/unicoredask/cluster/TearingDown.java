package io.unicoredask.cluster;

import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.unicore.UnicoreException;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Closes a cluster's local ports and aborts its jobs, those that are known and those that only the
 * site knows of, again and again until the site says that all are over. Each job's end is
 * remembered, so that a refused call costs only itself. It looks twice at least: a submission may
 * have been under way when the teardown began.
 */
class TearingDown implements ClusterActivity<ClusterRequest> {

  private final Sites sites;
  private final ClusterTunnels tunnels;

  /** The jobs that are over, by cluster: what is over stays over. */
  private final Map<String, Set<URI>> ended = new ConcurrentHashMap<>();

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
    Set<URI> over = ended.computeIfAbsent(cluster.id(), id -> ConcurrentHashMap.newKeySet());
    Set<URI> left = jobs(site, cluster);
    left.removeAll(over);
    int jobsBefore = left.size();
    int aborted = 0;
    UnicoreException refusal = null;
    for (URI job : left) {
      try {
        if (jobs.isAlive(job)) {
          site.abort(job);
          aborted++;
        } else {
          over.add(job);
        }
      } catch (UnicoreException e) {
        // The others can be ended all the same.
        refusal = e;
      }
    }
    left.removeAll(over);
    if (refusal != null && left.size() == jobsBefore && aborted == 0) {
      throw refusal;
    }
    if (!left.isEmpty()) {
      return Progress.waiting(
          cluster.withAllOver(false), "%d jobs aborted, not yet over".formatted(aborted));
    }
    if (!cluster.allOver()) {
      return Progress.waiting(cluster.withAllOver(true), "making sure that nothing is left");
    }
    ended.remove(cluster.id());
    return Progress.done(cluster);
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
