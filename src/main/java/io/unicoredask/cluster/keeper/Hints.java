package io.unicoredask.cluster.keeper;

import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Jobs of a cluster that are to be among those that are looked at next. */
class Hints {

  private final Set<URI> jobs = ConcurrentHashMap.newKeySet();

  /** Adds a job, if it is one of the cluster's; returns whether it is. */
  boolean add(String site, URI job, Cluster cluster) {
    boolean ours = site.equals(cluster.site()) && cluster.jobs().anyMatch(job::equals);
    if (ours) {
      jobs.add(job);
    }
    return ours;
  }

  /** Those that were added since this was asked last. */
  Set<URI> take() {
    Set<URI> taken = Set.copyOf(jobs);
    jobs.removeAll(taken);
    return taken;
  }
}
