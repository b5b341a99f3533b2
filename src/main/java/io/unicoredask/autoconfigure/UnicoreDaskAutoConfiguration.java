package io.unicoredask.autoconfigure;

import io.unicoredask.camunda.DaskProcessEnginePlugin;
import io.unicoredask.camunda.DaskRuntime;
import io.unicoredask.camunda.IdentitySettings;
import io.unicoredask.camunda.SweepPace;
import io.unicoredask.camunda.WatchPace;
import io.unicoredask.camunda.closed.ClosedProcesses;
import io.unicoredask.cluster.keeper.ClusterTunnels;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.tunnel.LocalHost;
import io.unicoredask.tunnel.LocalPorts;
import io.unicoredask.tunnel.TunnelFactory;
import io.unicoredask.tunnel.TunnelSettings;
import org.camunda.bpm.engine.ProcessEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * What the activities need, and the engine plugin that puts them into process models. No activity
 * is a bean.
 *
 * <p>What holds the credentials is {@link Sealed}, and no expression of a process reaches into
 * that.
 */
@AutoConfiguration(
    beforeName = "org.camunda.bpm.spring.boot.starter.CamundaBpmAutoConfiguration",
    afterName = "org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration")
@ConditionalOnClass(ProcessEngine.class)
@EnableConfigurationProperties(UnicoreDaskProperties.class)
@Import({
  SiteHealthConfiguration.class,
  NotificationsConfiguration.class,
  ClusterSecurityConfiguration.class,
  ClustersConfiguration.class,
  StartFormConfiguration.class,
  PageConfiguration.class
})
public class UnicoreDaskAutoConfiguration {

  private static final Logger LOG = LoggerFactory.getLogger(UnicoreDaskAutoConfiguration.class);

  /** The engine plugin; Camunda's starter finds it. */
  @Bean
  @ConditionalOnMissingBean
  public DaskProcessEnginePlugin daskProcessEnginePlugin(ObjectProvider<Sealed> plugin) {
    return new DaskProcessEnginePlugin(() -> plugin.getObject().runtime());
  }

  /** Closes the engine, if the application wants that. */
  @Bean
  @ConditionalOnProperty(name = "unicore-dask.processes.closed", havingValue = "true")
  ClosedProcesses daskClosedProcesses(BeanFactory beans, UnicoreDaskProperties properties) {
    return new ClosedProcesses(properties.processes().beans(), beans::getBean);
  }

  /** All that no process is to reach; closed with the application. */
  @Bean(destroyMethod = "close")
  Sealed daskSealed(
      UnicoreDaskProperties properties,
      SslBundles sslBundles,
      ObjectProvider<ProcessEngine> engine) {
    Sites sites = sites(properties, sslBundles);
    TunnelFactory tunnels = tunnels(properties.tunnel());
    return new Sealed(sites, tunnels, runtime(sites, tunnels, engine, properties));
  }

  /** What processes may know of the sites. */
  @Bean
  DaskSites daskSites(Sealed plugin) {
    return new DaskSites(plugin.sites());
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
      ObjectProvider<ProcessEngine> engine,
      UnicoreDaskProperties properties) {
    UnicoreDaskProperties.Watch watch = properties.watch();
    UnicoreDaskProperties.Identity identity = properties.identity();
    return new DaskRuntime(
        sites,
        new ClusterTunnels(tunnels),
        requiresTls(properties.tunnel()),
        engine::getObject,
        new WatchPace(watch.shortest(), watch.longest(), watch.incidentAfter(), watch.lease()),
        new SweepPace(properties.sweep().interval(), properties.sweep().grace()),
        new IdentitySettings(identity.host(), identity.probation(), identity.takeOver()));
  }

  private static boolean requiresTls(UnicoreDaskProperties.Tunnel tunnel) {
    return tunnel.host().isOpen() && !tunnel.allowUnencrypted();
  }

  @Bean
  @ConditionalOnMissingBean
  WatcherLifecycle daskWatcherLifecycle(Sealed plugin, ProcessEngine engine) {
    return new WatcherLifecycle(plugin.runtime());
  }

  @Bean
  @ConditionalOnMissingBean
  SitesAtStart daskSitesAtStart(Sealed plugin) {
    return new SitesAtStart(plugin.sites());
  }

  @Bean
  static UnknownProperties daskUnknownProperties() {
    return new UnknownProperties();
  }
}
