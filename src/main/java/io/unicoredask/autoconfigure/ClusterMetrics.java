package io.unicoredask.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.unicoredask.cluster.ClusterStatus;
import io.unicoredask.cluster.keeper.Census;
import io.unicoredask.cluster.keeper.JobRole;
import io.unicoredask.cluster.keeper.JobState;
import io.unicoredask.cluster.keeper.Phase;
import io.unicoredask.cluster.keeper.TimeLimit;
import io.unicoredask.cluster.site.Cached;
import io.unicoredask.cluster.site.Sites;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * What is measured of the clusters: what their keepers know of them, so that neither the database
 * nor a site is asked.
 */
class ClusterMetrics {

  /** Whoever asks for one number asks for the others in the same second. */
  private static final Duration KEPT = Duration.ofSeconds(1);

  private static final List<ClusterStatus> LIVING =
      List.of(ClusterStatus.PENDING, ClusterStatus.RUNNING, ClusterStatus.STOPPING);

  private final MeterRegistry registry;
  private final Cached<Census> census;

  /**
   * @param census counts them
   */
  ClusterMetrics(MeterRegistry registry, Supplier<Census> census) {
    this.registry = registry;
    this.census = new Cached<>(census, counted -> KEPT);
  }

  /** Also what there is none of is there, as 0, so that it can be added up and compared. */
  void bindTo(Sites sites) {
    sites.names().forEach(this::bindTo);
  }

  private void bindTo(String site) {
    for (ClusterStatus status : LIVING) {
      Metric.CLUSTERS.gauge(registry, () -> census.get().clusters(site, status), site, status);
    }
    for (Phase phase : Phase.values()) {
      TimeLimit clock = phase.limit();
      Metric.WAITS_ACTIVE.gauge(
          registry, () -> census.get().waiting(site, phase), site, phase, clock);
      Metric.WAITS_LONGEST.gauge(registry, () -> longest(site, phase), site, phase, clock);
    }
    for (JobRole role : JobRole.values()) {
      for (JobState state : JobState.values()) {
        if (role == JobRole.WORKER || !state.isOfWorkers()) {
          Metric.JOBS.gauge(
              registry, () -> census.get().jobs(site, role, state), site, role, state);
        }
      }
    }
    Metric.WORKERS_PLANNED.gauge(registry, () -> census.get().plannedWorkers(site), site);
    Metric.WORKERS_CONNECTED.gauge(registry, () -> census.get().connectedWorkers(site), site);
  }

  private double longest(String site, Phase phase) {
    return census
        .get()
        .waitingSince(site, phase)
        .map(since -> Math.max(0, Duration.between(since, Instant.now()).toMillis() / 1000.0))
        .orElse(0.0);
  }
}
