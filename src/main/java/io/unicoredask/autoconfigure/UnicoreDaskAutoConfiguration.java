package io.unicoredask.autoconfigure;

import io.unicoredask.camunda.DaskProcessEnginePlugin;
import io.unicoredask.camunda.closed.ClosedProcesses;
import org.camunda.bpm.engine.ProcessEngine;
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
  MetricsConfiguration.class,
  NotificationsConfiguration.class,
  ClusterSecurityConfiguration.class,
  ClustersConfiguration.class,
  StartFormConfiguration.class,
  PageConfiguration.class
})
public class UnicoreDaskAutoConfiguration {

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
    return Wiring.of(properties, sslBundles, engine::getObject);
  }

  /** What processes may know of the sites. */
  @Bean
  DaskSites daskSites(Sealed plugin) {
    return new DaskSites(plugin.sites());
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
