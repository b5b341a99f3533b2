package io.unicoredask.autoconfigure;

import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.rest.exception.RestException;
import org.glassfish.jersey.server.ResourceConfig;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Hands out the certificates of clusters where the engine's REST API is served. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({RestException.class, ResourceConfig.class})
class ClusterSecurityConfiguration {

  /** Adds {@link ClusterSecurityResource} to the engine's REST API. */
  @Bean
  @ConditionalOnMissingBean(name = "daskClusterSecurity")
  EngineResource daskClusterSecurity(
      ObjectProvider<Sealed> plugin, ObjectProvider<ProcessEngine> engine) {
    return new EngineResource(
        new ClusterSecurityResource(
                engine::getObject,
                (instance, user) -> plugin.getObject().runtime().clientFiles(instance, user))
            ::resource);
  }
}
