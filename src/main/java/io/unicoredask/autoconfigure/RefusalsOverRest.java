package io.unicoredask.autoconfigure;

import jakarta.ws.rs.core.FeatureContext;
import org.glassfish.jersey.internal.spi.AutoDiscoverable;
import org.springframework.util.ClassUtils;

/**
 * Has the engine's REST API, and those of the web applications, answer a refused start with 400,
 * wherever Jersey serves them: it finds this by itself.
 */
public final class RefusalsOverRest implements AutoDiscoverable {

  private static final String REST = "org.camunda.bpm.engine.rest.exception.RestException";

  @Override
  public void configure(FeatureContext context) {
    if (ClassUtils.isPresent(REST, RefusalsOverRest.class.getClassLoader())) {
      context.register(RefusalMapper.class);
    }
  }
}
