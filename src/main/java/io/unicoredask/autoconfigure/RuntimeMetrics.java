package io.unicoredask.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.unicoredask.camunda.RuntimeListener;
import io.unicoredask.cluster.ClusterStatus;
import io.unicoredask.cluster.keeper.Phase;
import java.time.Duration;

/** What is measured of what becomes of the clusters, and of the work for them. */
record RuntimeMetrics(MeterRegistry registry) implements RuntimeListener {

  @Override
  public void stepped(String site, Kind kind, Duration took) {
    Metric.KEEPER_STEPS.timer(registry, site, kind).record(took);
  }

  @Override
  public void waited(String site, Phase phase, boolean completed, Duration took) {
    Metric.WAITS
        .timer(registry, site, phase, Clock.of(phase), completed ? "completed" : "cancelled")
        .record(took);
  }

  @Override
  public void ended(String site, ClusterStatus status, String endedBy) {
    Metric.CLUSTERS_ENDED.counter(registry, site, status, endedBy).increment();
  }

  @Override
  public void swept(Duration took) {
    Metric.SWEEPS.timer(registry).record(took);
  }
}
