package io.unicoredask.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.unicoredask.cluster.site.RequestBudget;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.tunnel.TunnelFactory;
import io.unicoredask.unicore.SiteListener;
import java.time.Duration;

/** What is measured of the requests to the sites, and of the tunnels there. */
record SiteMetrics(MeterRegistry registry) {

  void bindTo(Sites sites, TunnelFactory tunnels) {
    for (String site : sites.names()) {
      bindTo(site, sites.get(site).budget());
      bindTo(site, tunnels);
    }
  }

  private void bindTo(String site, RequestBudget budget) {
    Metric.REQUESTS_LIMIT.gauge(registry, budget::perSecond, site);
    Metric.REQUESTS_WAITING.gauge(registry, () -> budget.waiting(false), site, "urgent");
    Metric.REQUESTS_WAITING.gauge(registry, () -> budget.waiting(true), site, "routine");
    Metric.PAUSED.gauge(registry, () -> budget.isPausing() ? 1 : 0, site);
    budget.listen(
        new SiteListener() {
          @Override
          public void requested(String call, Outcome outcome, Duration took) {
            Metric.REQUESTS.timer(registry, site, call, outcome).record(took);
          }
        });
  }

  private void bindTo(String site, TunnelFactory tunnels) {
    Metric.TUNNELS.gauge(registry, () -> tunnels.traffic(site).tunnels(), site);
    Metric.TUNNEL_CONNECTIONS.gauge(registry, () -> tunnels.traffic(site).connections(), site);
    Metric.TUNNEL_BYTES.counter(registry, tunnels, of -> of.traffic(site).bytesUp(), site, "up");
    Metric.TUNNEL_BYTES.counter(
        registry, tunnels, of -> of.traffic(site).bytesDown(), site, "down");
  }
}
