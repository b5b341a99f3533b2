package io.unicoredask.autoconfigure;

import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.rest.exception.RestException;
import org.glassfish.jersey.server.ResourceConfig;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tells forms what to ask for where the engine's REST API is served. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({RestException.class, ResourceConfig.class})
class StartFormConfiguration {

  /** Adds {@link StartFormResource} to the engine's REST API. */
  @Bean
  @ConditionalOnMissingBean(name = "daskStartForm")
  EngineResource daskStartForm(
      ObjectProvider<Sealed> plugin, ObjectProvider<ProcessEngine> engine) {
    return new EngineResource(
        new StartFormResource(
                engine::getObject, user -> StartForm.of(plugin.getObject().sites(), user))
            ::resource);
  }
}
