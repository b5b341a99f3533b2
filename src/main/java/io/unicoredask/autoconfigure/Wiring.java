package io.unicoredask.autoconfigure;

import io.unicoredask.camunda.DaskRuntime;
import io.unicoredask.camunda.IdentitySettings;
import io.unicoredask.camunda.SweepPace;
import io.unicoredask.camunda.WatchPace;
import io.unicoredask.cluster.keeper.ClusterTunnels;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.tunnel.LocalHost;
import io.unicoredask.tunnel.LocalPorts;
import io.unicoredask.tunnel.TunnelFactory;
import io.unicoredask.tunnel.TunnelSettings;
import java.util.function.Supplier;
import org.camunda.bpm.engine.ProcessEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundles;

/** Puts together what the plugin works with, wherever its properties come from. */
final class Wiring {

  private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);

  private Wiring() {}

  /**
   * @param engine asked for when first needed
   * @throws IllegalStateException if a property has a value that makes no sense
   */
  static Sealed of(
      UnicoreDaskProperties properties, SslBundles sslBundles, Supplier<ProcessEngine> engine) {
    Sites sites = sites(properties, sslBundles);
    TunnelFactory tunnels = tunnels(properties.tunnel());
    return new Sealed(sites, tunnels, runtime(sites, tunnels, engine, properties));
  }

  private static Sites sites(UnicoreDaskProperties properties, SslBundles sslBundles) {
    SiteFactory factory =
        new SiteFactory(
            sslBundles,
            properties.credentials(),
            properties.proxy(),
            properties.notifications().url());
    return new Sites(
        properties.sites().entrySet().stream()
            .map(site -> factory.site(site.getKey(), site.getValue()))
            .toList());
  }

  private static TunnelFactory tunnels(UnicoreDaskProperties.Tunnel tunnel) {
    LocalHost host = tunnel.host();
    if (host.isMisleading()) {
      LOG.warn(
          "The clusters' local ports listen on {}, but schedulerAddress and dashboardUrl name {},"
              + " which leads there from this machine only. Set unicore-dask.tunnel.public-host to"
              + " the name or address that others reach this machine by",
          host.bindAddress(),
          host.publicHostInUrl());
    }
    return new TunnelFactory(
        new TunnelSettings(
            host,
            LocalPorts.of(tunnel.ports()),
            tunnel.connectTimeout(),
            tunnel.handshakeTimeout(),
            tunnel.maxConnections(),
            tunnel.idleTimeout()));
  }

  private static DaskRuntime runtime(
      Sites sites,
      TunnelFactory tunnels,
      Supplier<ProcessEngine> engine,
      UnicoreDaskProperties properties) {
    UnicoreDaskProperties.Watch watch = properties.watch();
    UnicoreDaskProperties.Identity identity = properties.identity();
    return new DaskRuntime(
        sites,
        new ClusterTunnels(tunnels),
        requiresTls(properties.tunnel()),
        engine,
        new WatchPace(watch.shortest(), watch.longest(), watch.incidentAfter(), watch.lease()),
        new SweepPace(properties.sweep().interval(), properties.sweep().grace()),
        new IdentitySettings(identity.host(), identity.probation(), identity.takeOver()));
  }

  private static boolean requiresTls(UnicoreDaskProperties.Tunnel tunnel) {
    return tunnel.host().isOpen() && !tunnel.allowUnencrypted();
  }
}
