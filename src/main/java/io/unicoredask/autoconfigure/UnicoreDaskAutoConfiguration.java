package io.unicoredask.autoconfigure;

import io.unicoredask.camunda.DaskProcessEnginePlugin;
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
import org.camunda.bpm.engine.ProcessEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * What the activities need, and the engine plugin that puts them into process models. No activity
 * is a bean.
 *
 * <p>The credentials are held by no bean: {@link Sites} gives out clients that use them, and no
 * expression of a process reaches into those.
 */
@AutoConfiguration(
    beforeName = "org.camunda.bpm.spring.boot.starter.CamundaBpmAutoConfiguration",
    afterName = "org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration")
@ConditionalOnClass(ProcessEngine.class)
@EnableConfigurationProperties(UnicoreDaskProperties.class)
@Import({SiteHealthConfiguration.class, NotificationsConfiguration.class})
public class UnicoreDaskAutoConfiguration {

  private static final Logger LOG = LoggerFactory.getLogger(UnicoreDaskAutoConfiguration.class);

  /** The engine plugin; Camunda's starter finds it. */
  @Bean
  @ConditionalOnMissingBean
  public DaskProcessEnginePlugin daskProcessEnginePlugin(ObjectProvider<DaskRuntime> runtime) {
    return new DaskProcessEnginePlugin(runtime::getObject);
  }

  /** The sites of the configuration. */
  @Bean
  @ConditionalOnMissingBean
  public Sites daskSites(UnicoreDaskProperties properties, SslBundles sslBundles) {
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

  /** Opens the local ports; closed with the application, which closes them. */
  @Bean
  @ConditionalOnMissingBean
  public TunnelFactory daskTunnelFactory(UnicoreDaskProperties properties) {
    UnicoreDaskProperties.Tunnel tunnel = properties.tunnel();
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

  /** What the activities share, the watcher among it. */
  @Bean
  @ConditionalOnMissingBean
  public DaskRuntime daskRuntime(
      Sites sites,
      TunnelFactory tunnels,
      ObjectProvider<ProcessEngine> engine,
      UnicoreDaskProperties properties) {
    UnicoreDaskProperties.Watch watch = properties.watch();
    UnicoreDaskProperties.Identity identity = properties.identity();
    return new DaskRuntime(
        sites,
        new ClusterTunnels(tunnels),
        engine::getObject,
        new WatchPace(watch.shortest(), watch.longest(), watch.incidentAfter(), watch.lease()),
        new SweepPace(properties.sweep().interval(), properties.sweep().grace()),
        new IdentitySettings(identity.host(), identity.probation(), identity.takeOver()));
  }

  @Bean
  @ConditionalOnMissingBean
  WatcherLifecycle daskWatcherLifecycle(DaskRuntime runtime, ProcessEngine engine) {
    return new WatcherLifecycle(runtime);
  }

  @Bean
  @ConditionalOnMissingBean
  SitesAtStart daskSitesAtStart(Sites sites) {
    return new SitesAtStart(sites);
  }

  @Bean
  static UnknownProperties daskUnknownProperties() {
    return new UnknownProperties();
  }
}
