package io.unicoredask.autoconfigure;

import jakarta.ws.rs.core.FeatureContext;
import java.util.List;
import org.glassfish.jersey.internal.spi.AutoDiscoverable;
import org.springframework.util.ClassUtils;

/**
 * Adds every {@link EngineResource} to the engine's REST API, and to that of the web applications,
 * wherever Jersey serves them: it finds this by itself.
 */
public final class ResourcesOverRest implements AutoDiscoverable {

  private static final List<String> NEEDED =
      List.of(
          "jakarta.servlet.ServletContext",
          "org.camunda.bpm.engine.rest.exception.RestException",
          "org.springframework.web.context.WebApplicationContext");

  @Override
  public void configure(FeatureContext context) {
    ClassLoader here = ResourcesOverRest.class.getClassLoader();
    if (NEEDED.stream().allMatch(name -> ClassUtils.isPresent(name, here))) {
      context.register(ResourceModels.class);
    }
  }
}
