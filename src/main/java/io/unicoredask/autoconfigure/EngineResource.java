package io.unicoredask.autoconfigure;

import java.util.function.Function;
import org.glassfish.jersey.server.model.Resource;

/**
 * What the plugin adds to the engine's REST API, and to that of the web applications, as a bean;
 * {@link ResourcesOverRest} brings it there. No process has any use of it: neither it nor a method
 * of it is public.
 */
final class EngineResource {

  private final Function<String, Resource> resource;

  /**
   * @param resource makes it as Jersey takes it, of what its path begins with
   */
  EngineResource(Function<String, Resource> resource) {
    this.resource = resource;
  }

  Resource below(String base) {
    return resource.apply(base);
  }
}
