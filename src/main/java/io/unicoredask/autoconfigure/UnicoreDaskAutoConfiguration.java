package io.unicoredask.autoconfigure;

import io.unicoredask.camunda.AllocateDelegate;
import io.unicoredask.camunda.AwaitSchedulerDelegate;
import io.unicoredask.camunda.CheckRequestDelegate;
import io.unicoredask.camunda.DaskProcessEnginePlugin;
import io.unicoredask.camunda.DaskRuntime;
import io.unicoredask.camunda.ForwardPortsDelegate;
import io.unicoredask.camunda.LogsDelegate;
import io.unicoredask.camunda.MonitorDelegate;
import io.unicoredask.camunda.RestartDelegate;
import io.unicoredask.camunda.RunScriptDelegate;
import io.unicoredask.camunda.ScaleWorkersDelegate;
import io.unicoredask.camunda.StartSchedulerDelegate;
import io.unicoredask.camunda.SweepPace;
import io.unicoredask.camunda.TeardownDelegate;
import io.unicoredask.camunda.WatchPace;
import io.unicoredask.camunda.WorkVariables;
import io.unicoredask.cluster.ClusterActivities;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.tunnel.TunnelFactory;
import io.unicoredask.tunnel.TunnelSettings;
import org.camunda.bpm.engine.ProcessEngine;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * The activities as beans, under the names that process models use, and what they need.
 *
 * <p>The credentials are held by no bean: {@link Sites} gives out clients that use them, and no
 * expression of a process reaches into those.
 */
@AutoConfiguration(
    beforeName = "org.camunda.bpm.spring.boot.starter.CamundaBpmAutoConfiguration",
    afterName = "org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration")
@ConditionalOnClass(ProcessEngine.class)
@EnableConfigurationProperties(UnicoreDaskProperties.class)
@Import(SiteHealthConfiguration.class)
public class UnicoreDaskAutoConfiguration {

  /** The engine plugin; Camunda's starter finds it. */
  @Bean
  @ConditionalOnMissingBean
  public DaskProcessEnginePlugin daskProcessEnginePlugin() {
    return new DaskProcessEnginePlugin();
  }

  /** The sites of the configuration. */
  @Bean
  @ConditionalOnMissingBean
  public Sites daskSites(UnicoreDaskProperties properties, SslBundles sslBundles) {
    SiteFactory factory = new SiteFactory(sslBundles, properties.credentials());
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
    return new TunnelFactory(
        new TunnelSettings(
            tunnel.bindAddress(),
            tunnel.connectTimeout(),
            tunnel.handshakeTimeout(),
            tunnel.maxConnections()));
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
    return new DaskRuntime(
        sites,
        new ClusterActivities(sites, tunnels),
        engine::getObject,
        new WatchPace(watch.shortest(), watch.longest(), watch.incidentAfter(), watch.lease()),
        new SweepPace(properties.sweep().interval(), properties.sweep().grace()));
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

  /** {@code ${daskCheckRequest}}. */
  @Bean(CheckRequestDelegate.NAME)
  public CheckRequestDelegate daskCheckRequest(DaskRuntime runtime) {
    return new CheckRequestDelegate(runtime);
  }

  /** {@code ${daskAllocate}}. */
  @Bean(AllocateDelegate.NAME)
  public AllocateDelegate daskAllocate(DaskRuntime runtime) {
    return new AllocateDelegate(runtime);
  }

  /** {@code ${daskStartScheduler}}. */
  @Bean(StartSchedulerDelegate.NAME)
  public StartSchedulerDelegate daskStartScheduler(DaskRuntime runtime) {
    return new StartSchedulerDelegate(runtime);
  }

  /** {@code ${daskAwaitScheduler}}. */
  @Bean(AwaitSchedulerDelegate.NAME)
  public AwaitSchedulerDelegate daskAwaitScheduler(DaskRuntime runtime) {
    return new AwaitSchedulerDelegate(runtime);
  }

  /** {@code ${daskForwardPorts}}. */
  @Bean(ForwardPortsDelegate.NAME)
  public ForwardPortsDelegate daskForwardPorts(DaskRuntime runtime) {
    return new ForwardPortsDelegate(runtime);
  }

  /** {@code ${daskScaleWorkers}}. */
  @Bean(ScaleWorkersDelegate.NAME)
  public ScaleWorkersDelegate daskScaleWorkers(DaskRuntime runtime) {
    return new ScaleWorkersDelegate(runtime);
  }

  /** {@code ${daskMonitor}}. */
  @Bean(MonitorDelegate.NAME)
  public MonitorDelegate daskMonitor(DaskRuntime runtime) {
    return new MonitorDelegate(runtime);
  }

  /** {@code ${daskRunScript}}. */
  @Bean(RunScriptDelegate.NAME)
  public RunScriptDelegate daskRunScript(DaskRuntime runtime) {
    return new RunScriptDelegate(runtime);
  }

  /** {@code ${daskLogs}}. */
  @Bean(LogsDelegate.NAME)
  public LogsDelegate daskLogs(DaskRuntime runtime) {
    return new LogsDelegate(runtime);
  }

  /** {@code ${daskWorkVariables}}. */
  @Bean(WorkVariables.NAME)
  public WorkVariables daskWorkVariables(DaskRuntime runtime) {
    return new WorkVariables(runtime);
  }

  /** {@code ${daskRestart}}. */
  @Bean(RestartDelegate.NAME)
  public RestartDelegate daskRestart(DaskRuntime runtime) {
    return new RestartDelegate(runtime);
  }

  /** {@code ${daskTeardown}}. */
  @Bean(TeardownDelegate.NAME)
  public TeardownDelegate daskTeardown(DaskRuntime runtime) {
    return new TeardownDelegate(runtime);
  }
}
