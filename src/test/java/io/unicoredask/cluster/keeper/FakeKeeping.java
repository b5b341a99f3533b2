package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.identity.Permit;
import io.unicoredask.cluster.site.RequestBudget;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.SiteDefaults;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.tunnel.TunnelFactory;
import io.unicoredask.tunnel.TunnelSettings;
import io.unicoredask.unicore.UnicoreSite;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

/** What keepers share in tests: one site, one record, and whether they may act. */
class FakeKeeping implements Keeping, AutoCloseable {

  final FakeRecords records;
  final AtomicInteger actions = new AtomicInteger();
  volatile boolean mayAct = true;
  volatile Permit permit = Permit.ALWAYS;
  volatile Instant now = Situation.NOW;
  private final Queueing queueing = new Queueing();
  private final Sites sites;
  private final TunnelFactory factory = new TunnelFactory(TunnelSettings.defaults());
  private final ClusterTunnels tunnels = new ClusterTunnels(factory);
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final SiteThreads threads = new SiteThreads("fake", new RequestBudget(10_000), clock);

  FakeKeeping(UnicoreSite site, FakeRecords records) {
    this.sites = new Sites(List.of(new Site(site, null, SiteDefaults.NONE)));
    this.records = records;
  }

  @Override
  public Sites sites() {
    return sites;
  }

  @Override
  public ClusterRecords records() {
    return records;
  }

  @Override
  public ClusterTunnels tunnels() {
    return tunnels;
  }

  @Override
  public SiteThreads threads(String site) {
    return threads;
  }

  @Override
  public Pace pace() {
    return new Pace(Duration.ofMillis(100), Duration.ofSeconds(10));
  }

  @Override
  public Queueing queueing() {
    return queueing;
  }

  @Override
  public Duration incidentAfter() {
    return Duration.ofMinutes(5);
  }

  @Override
  public boolean mayAct() {
    return mayAct;
  }

  @Override
  public Permit permit() {
    return permit;
  }

  @Override
  public void acts() {
    actions.incrementAndGet();
  }

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public void aside(ClusterKeeper cluster, Demand demand) {}

  @Override
  public void close() {
    threads.stop();
    clock.shutdownNow();
    tunnels.closeAll();
    factory.close();
  }
}
