package io.unicoredask.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The plugin's metrics, in applications that have Micrometer; Actuator gives them their registry.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(MeterRegistry.class)
class MetricsConfiguration {

  /** Of use where there is no Actuator: then whoever has a registry binds it. */
  @Bean
  @ConditionalOnMissingBean(name = "unicoreDaskMetrics")
  MeterBinder unicoreDaskMetrics(Sealed plugin) {
    return new DaskMetrics(plugin);
  }
}
