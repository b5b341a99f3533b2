package io.unicoredask.autoconfigure;

import org.camunda.bpm.engine.rest.exception.RestException;
import org.glassfish.jersey.server.ResourceConfig;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Shows clusters where the engine's REST API is served. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({RestException.class, ResourceConfig.class})
class ClustersConfiguration {

  /** Adds {@link ClustersResource} to the engine's REST API. */
  @Bean
  @ConditionalOnMissingBean(name = "daskClusters")
  EngineResource daskClusters(ObjectProvider<Sealed> plugin) {
    return new EngineResource(
        new ClustersResource(() -> plugin.getObject().runtime().overview())::resource);
  }
}
