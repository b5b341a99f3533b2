package io.unicoredask.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * What Micrometer can tell of the clusters and of the work for them. What is only asked for costs
 * nothing while nobody asks; what is told costs about a microsecond beside a request or a turn.
 */
class DaskMetrics implements MeterBinder {

  private final Sealed plugin;

  DaskMetrics(Sealed plugin) {
    this.plugin = plugin;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    new SiteMetrics(registry).bindTo(plugin.sites(), plugin.tunnels());
    new ClusterMetrics(registry, plugin.runtime()::census).bindTo(plugin.sites());
    plugin.runtime().listen(new RuntimeMetrics(registry).bindTo(plugin.sites()));
    Metric.LEADER.gauge(registry, () -> plugin.runtime().leads() ? 1 : 0);
  }
}
