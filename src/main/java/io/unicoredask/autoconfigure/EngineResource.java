package io.unicoredask.autoconfigure;

import java.util.function.Supplier;
import org.glassfish.jersey.server.model.Resource;

/**
 * What the plugin adds to the engine's REST API, and to that of the web applications, as a bean;
 * {@link ResourcesOverRest} brings it there. No process has any use of it: neither it nor a method
 * of it is public.
 */
final class EngineResource {

  /** What its paths begin with: the engine may be named in them. */
  static final String BASE = "{engine: (engine/[^/]+/)?}unicore-dask/";

  private final Supplier<Resource> resource;

  /**
   * @param resource makes it as Jersey takes it
   */
  EngineResource(Supplier<Resource> resource) {
    this.resource = resource;
  }

  Resource resource() {
    return resource.get();
  }
}
