package io.unicoredask.autoconfigure;

import io.unicoredask.camunda.ClusterOverview;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.Method;
import java.util.function.Supplier;
import org.glassfish.jersey.server.model.Resource;

/**
 * {@code GET unicore-dask/clusters} and {@code unicore-dask/clusters/{instance}} within the
 * engine's REST API: the clusters whose process instances the caller may read, as the engine says.
 * No site is asked.
 */
public final class ClustersResource {

  private final Supplier<ClusterOverview> overview;

  ClustersResource(Supplier<ClusterOverview> overview) {
    this.overview = overview;
  }

  /** It as Jersey takes it, with a path that begins so. */
  Resource resource(String base) {
    try {
      Resource.Builder list = Resource.builder(base + "clusters");
      get(list, getClass().getMethod("clusters", UriInfo.class));
      get(list.addChildResource("{instance}"), getClass().getMethod("cluster", String.class));
      return list.build();
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }

  private void get(Resource.Builder resource, Method handler) {
    resource
        .addMethod(HttpMethod.GET)
        .produces(MediaType.APPLICATION_JSON_TYPE)
        .handledBy(this, handler);
  }

  /**
   * Answers 200 with {@code {"count", "clusters"}}, newest first.
   *
   * @param uri has the parameters {@code state} (living, over or all), {@code site}, {@code user},
   *     {@code status}, {@code name}, {@code firstResult} and {@code maxResults}; 400 if one is not
   *     allowed
   */
  public Response clusters(@Context UriInfo uri) {
    try {
      return EngineAnswers.uncached(
          Response.ok(overview.get().page(ClusterParameters.read(uri.getQueryParameters()))));
    } catch (IllegalArgumentException e) {
      return EngineAnswers.refused(Response.Status.BAD_REQUEST, "Clusters", e.getMessage());
    }
  }

  /**
   * Answers 200 with all that is shown of one, 404 if there is none.
   *
   * @param instance the id of the process instance that has asked for it, or that ends it
   */
  public Response cluster(@PathParam("instance") String instance) {
    return overview
        .get()
        .details(instance)
        .map(details -> EngineAnswers.uncached(Response.ok(details)))
        .orElseGet(
            () ->
                EngineAnswers.refused(
                    Response.Status.NOT_FOUND,
                    "Clusters",
                    "there is no such process instance that you may read and that has or had a"
                        + " cluster"));
  }
}
