package io.unicoredask.cluster;

import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The clusters that an engine knows of, as far as they say which jobs are theirs. */
public final class KnownClusters {

  private final Map<String, List<Cluster>> recorded;
  private final Set<URI> owned;
  private final Predicate<String> isComing;

  /**
   * @param recorded all clusters of which there is a record; there may be several of one cluster,
   *     an older one that was handed to another process among them
   * @param isComing whether a cluster of this id, of which there is none, is about to have one
   */
  public KnownClusters(Collection<Cluster> recorded, Predicate<String> isComing) {
    this.recorded = recorded.stream().collect(Collectors.groupingBy(Cluster::id));
    this.owned = recorded.stream().flatMap(Cluster::jobs).collect(Collectors.toSet());
    this.isComing = isComing;
  }

  /** Whether the job is on record as one of theirs. */
  boolean own(URI job) {
    return owned.contains(job);
  }

  /** Whether none of them wants this job. */
  boolean disown(String clusterId, String purpose, URI job) {
    List<Cluster> records = recorded.get(clusterId);
    return records == null
        ? !isComing.test(clusterId)
        : records.stream().allMatch(cluster -> cluster.disowns(purpose, job));
  }
}
