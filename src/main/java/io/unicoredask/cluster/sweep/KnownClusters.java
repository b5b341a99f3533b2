package io.unicoredask.cluster.sweep;

import io.unicoredask.cluster.keeper.Cluster;
import java.net.URI;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The clusters that an engine knows of, as far as they say which jobs are theirs. */
public final class KnownClusters {

  private final Map<String, Cluster> recorded;

  /**
   * @param recorded all clusters of which there is a record
   */
  public KnownClusters(Collection<Cluster> recorded) {
    this.recorded = recorded.stream().collect(Collectors.toMap(Cluster::id, Function.identity()));
  }

  /** The jobs at a site that are on record as one of theirs. */
  Collection<URI> jobsAt(String site) {
    return recorded.values().stream()
        .filter(cluster -> cluster.site().equals(site))
        .flatMap(Cluster::jobs)
        .collect(Collectors.toSet());
  }

  /** The ids of those at a site that have their starters' accounts, by these. */
  Map<String, Set<String>> byUserAt(String site) {
    return recorded.values().stream()
        .filter(cluster -> cluster.site().equals(site) && cluster.actsAs() != null)
        .collect(
            Collectors.groupingBy(
                Cluster::actsAs, Collectors.mapping(Cluster::id, Collectors.toSet())));
  }

  /** Whether none of them wants this job. */
  boolean disown(String clusterId, String purpose, URI job) {
    Cluster cluster = recorded.get(clusterId);
    return cluster == null || cluster.disowns(purpose, job);
  }
}
