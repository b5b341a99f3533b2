package io.unicoredask.autoconfigure;

import org.camunda.bpm.engine.rest.exception.RestException;
import org.glassfish.jersey.spi.ExtendedExceptionMapper;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.jersey.ResourceConfigCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How the engine's REST API answers what is refused, in applications that have it. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({
  RestException.class,
  ResourceConfigCustomizer.class,
  ExtendedExceptionMapper.class
})
class EngineRestConfiguration {

  @Bean
  ResourceConfigCustomizer unicoreDaskRefusals() {
    return config -> config.register(new RefusalMapper());
  }
}
