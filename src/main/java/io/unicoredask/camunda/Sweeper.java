package io.unicoredask.camunda;

import io.unicoredask.cluster.identity.Permit;
import io.unicoredask.cluster.keeper.Cluster;
import io.unicoredask.cluster.request.TimeLimit;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.cluster.sweep.KnownClusters;
import io.unicoredask.cluster.sweep.Sweep;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.runtime.Execution;
import org.camunda.bpm.engine.runtime.ProcessInstance;

/** Looks from time to time for jobs at the sites that belong to no cluster of this engine. */
class Sweeper {

  private final ProcessEngine engine;
  private final ClusterTables tables;
  private final RecordedClusters clusters;
  private final Sweep sweep;

  private static final Duration ANYWAY = Duration.ofHours(1);

  /**
   * What has to change for a site to be asked again that knew of no stray job.
   *
   * @param actions how often something was done at a site
   * @param clusters those that want their jobs
   */
  private record State(long actions, Set<String> clusters) {}

  private State last;
  private Instant nextAnyway = Instant.MIN;
  private final LongSupplier actions;
  private final Consumer<String> gone;
  private final InstantSource clock;

  /**
   * @param permit lets this engine act at a site
   * @param gone told of a cluster whose record is deleted
   * @param actions how often something was done at a site so far
   * @param clock says whether a suspended cluster has lived its time
   */
  Sweeper(
      ProcessEngine engine,
      EngineDatabase database,
      Sites sites,
      String installation,
      Duration grace,
      Permit permit,
      Consumer<String> gone,
      LongSupplier actions,
      InstantSource clock) {
    this.actions = actions;
    this.gone = gone;
    this.clock = clock;
    this.engine = engine;
    this.tables = new ClusterTables(database);
    this.clusters = new RecordedClusters(database);
    this.sweep = new Sweep(sites, installation, grace, permit, new AccountRows(database));
  }

  void round() {
    String executions = engine.getManagementService().getTableName(Execution.class);
    tables
        .orphans(executions)
        .forEach(
            cluster -> {
              tables.delete(cluster);
              gone.accept(cluster);
            });
    Map<String, String> instances = tables.instances();
    Set<String> outlived = outlived(instances);
    Set<String> wanted = new HashSet<>(instances.keySet());
    wanted.removeAll(outlived);
    State now = new State(actions.getAsLong(), wanted);
    if (sweep.isSettled() && now.equals(last) && clock.instant().isBefore(nextAnyway)) {
      return;
    }
    sweep.round(
        new KnownClusters(
            clusters.clusters().stream()
                .filter(cluster -> !outlived.contains(cluster.id()))
                .toList()));
    last = now;
    nextAnyway = clock.instant().plus(ANYWAY);
  }

  /** A suspended instance has no timers, so that nothing else would end it after its lifetime. */
  private Set<String> outlived(Map<String, String> instances) {
    Set<String> suspended =
        engine.getRuntimeService().createProcessInstanceQuery().suspended().list().stream()
            .map(ProcessInstance::getId)
            .collect(Collectors.toSet());
    if (Collections.disjoint(suspended, instances.values())) {
      return Set.of();
    }
    return clusters.clusters().stream()
        .filter(cluster -> suspended.contains(instances.get(cluster.id())))
        .filter(this::hasOutlivedItself)
        .map(Cluster::id)
        .collect(Collectors.toSet());
  }

  private boolean hasOutlivedItself(Cluster cluster) {
    if (cluster.readySince() == null) {
      return false;
    }
    Duration lifetime = tables.request(cluster.id()).clocks().get(TimeLimit.LIFETIME);
    return Instant.ofEpochMilli(cluster.readySince() - cluster.readyFor())
        .plus(lifetime)
        .isBefore(clock.instant());
  }
}
