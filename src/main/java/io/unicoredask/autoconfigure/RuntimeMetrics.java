package io.unicoredask.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.unicoredask.camunda.RuntimeListener;
import io.unicoredask.cluster.ClusterStatus;
import io.unicoredask.cluster.keeper.Phase;
import io.unicoredask.cluster.site.Sites;
import java.time.Duration;

/** What is measured of what becomes of the clusters, and of the work for them. */
record RuntimeMetrics(MeterRegistry registry) implements RuntimeListener {

  /** What is rare is there from the start, as 0, so that its first time is seen as an increase. */
  RuntimeMetrics bindTo(Sites sites) {
    sites.names().forEach(this::bindTo);
    return this;
  }

  private void bindTo(String site) {
    RuntimeListener.endings()
        .forEach(
            (endedBy, status) -> Metric.CLUSTERS_ENDED.counter(registry, site, status, endedBy));
    for (Phase phase : Phase.values()) {
      waits(site, phase, true);
      waits(site, phase, false);
    }
  }

  private Timer waits(String site, Phase phase, boolean completed) {
    return Metric.WAITS.timer(
        registry, site, phase, phase.limit(), completed ? "completed" : "cancelled");
  }

  @Override
  public void stepped(String site, Kind kind, Duration took) {
    Metric.KEEPER_STEPS.timer(registry, site, kind).record(took);
  }

  @Override
  public void waited(String site, Phase phase, boolean completed, Duration took) {
    waits(site, phase, completed).record(took);
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
