package io.unicoredask.autoconfigure;

import jakarta.servlet.ServletContext;
import jakarta.ws.rs.core.Configuration;
import jakarta.ws.rs.core.Context;
import java.util.Collection;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.glassfish.jersey.server.model.ModelProcessor;
import org.glassfish.jersey.server.model.Resource;
import org.glassfish.jersey.server.model.ResourceModel;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.context.support.WebApplicationContextUtils;

/** Adds the plugin's resources to a REST API that is the engine's; any other stays as it is. */
final class ResourceModels implements ModelProcessor {

  private static final String ENGINES = "org.camunda.bpm.engine.rest.";
  private static final String OF_THE_DEFAULT = ENGINES + "impl.DefaultProcessEngineRestServiceImpl";

  /** The web applications ask for a login only where the engine is named. */
  private static final String BASE = "{engine: engine/[^/]+/}unicore-dask/";

  private static final String BASE_OF_DEFAULT = "{engine: (engine/[^/]+/)?}unicore-dask/";

  private final ServletContext servlets;

  ResourceModels(@Context ServletContext servlets) {
    this.servlets = servlets;
  }

  @Override
  public ResourceModel processResourceModel(ResourceModel model, Configuration configuration) {
    ResourceModel.Builder all = new ResourceModel.Builder(model, false);
    if (has(model, name -> name.startsWith(ENGINES))) {
      String base = has(model, OF_THE_DEFAULT::equals) ? BASE_OF_DEFAULT : BASE;
      added().map(resource -> resource.below(base)).forEach(all::addResource);
    }
    return all.build();
  }

  @Override
  public ResourceModel processSubResource(ResourceModel model, Configuration configuration) {
    return model;
  }

  private Stream<EngineResource> added() {
    WebApplicationContext context = WebApplicationContextUtils.getWebApplicationContext(servlets);
    return context == null
        ? Stream.empty()
        : context.getBeanProvider(EngineResource.class).orderedStream();
  }

  private static boolean has(ResourceModel model, Predicate<String> handler) {
    return model.getResources().stream()
        .map(Resource::getHandlerClasses)
        .flatMap(Collection::stream)
        .map(Class::getName)
        .anyMatch(handler);
  }
}
