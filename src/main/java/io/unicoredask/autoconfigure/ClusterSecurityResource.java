package io.unicoredask.autoconfigure;

import io.unicoredask.cluster.keeper.ClientFiles;
import io.unicoredask.unicore.UnicoreException;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.impl.identity.Authentication;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.glassfish.jersey.server.model.Resource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET unicore-dask/clusters/{instance}/security} within the engine's REST API: what a client
 * of the instance's cluster needs, in the words of {@code distributed.security.Security}. It is for
 * whoever has logged in and may read the process instance, as the engine says; an engine that asks
 * nobody for a login hands out nothing.
 */
public final class ClusterSecurityResource {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterSecurityResource.class);

  private final Supplier<ProcessEngine> engine;
  private final BiFunction<String, String, Optional<ClientFiles>> files;

  /**
   * @param files those of a process instance's cluster, for a user
   */
  ClusterSecurityResource(
      Supplier<ProcessEngine> engine, BiFunction<String, String, Optional<ClientFiles>> files) {
    this.engine = engine;
    this.files = files;
  }

  /** It as Jersey takes it, with a path that begins so. */
  Resource resource(String base) {
    try {
      Resource.Builder resource = Resource.builder(base + "clusters/{instance}/security");
      resource
          .addMethod(HttpMethod.GET)
          .produces(MediaType.APPLICATION_JSON_TYPE)
          .handledBy(this, getClass().getMethod("security", String.class));
      return resource.build();
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Answers 200 with the certificates; 401 to who has not logged in, 404 if there is no such
   * process instance that the user may read, or no cluster with TLS that has been started, 503 if
   * the site cannot be asked now.
   *
   * @param instance the id of the process instance
   */
  public Response security(@PathParam("instance") String instance) {
    Authentication user = engine.get().getIdentityService().getCurrentAuthentication();
    if (user == null || user.getUserId() == null) {
      return EngineAnswers.refused(
          Response.Status.UNAUTHORIZED,
          "ClusterSecurity",
          "certificates are handed out to who has logged in, which this REST API asks nobody to");
    }
    try {
      return find(instance, user.getUserId())
          .map(ClusterSecurityResource::answer)
          .orElseGet(
              () ->
                  EngineAnswers.refused(
                      Response.Status.NOT_FOUND,
                      "ClusterSecurity",
                      "there is no such process instance that you may read and whose cluster has"
                          + " TLS and a scheduler"));
    } catch (UnicoreException e) {
      LOG.warn("A cluster's certificates cannot be read: {}", e.getMessage());
      return EngineAnswers.refused(
          Response.Status.SERVICE_UNAVAILABLE,
          "ClusterSecurity",
          "the site of the cluster cannot be asked for them now; try again");
    }
  }

  /** What works in a cluster is called by the instance that has it. */
  private Optional<ClientFiles> find(String instance, String user) {
    String next = instance;
    while (isReadable(next)) {
      Optional<ClientFiles> found = files.apply(next, user);
      if (found.isPresent()) {
        return found;
      }
      next = caller(next);
    }
    return Optional.empty();
  }

  private boolean isReadable(String instance) {
    return instance != null
        && engine
                .get()
                .getRuntimeService()
                .createProcessInstanceQuery()
                .processInstanceId(instance)
                .count()
            == 1;
  }

  private String caller(String instance) {
    ProcessInstance caller =
        engine
            .get()
            .getRuntimeService()
            .createProcessInstanceQuery()
            .subProcessInstanceId(instance)
            .singleResult();
    return caller == null ? null : caller.getId();
  }

  private static Response answer(ClientFiles files) {
    Map<String, Object> security = new LinkedHashMap<>();
    security.put("require_encryption", true);
    security.put("tls_ca_file", files.ca());
    security.put("tls_client_cert", files.certificate());
    security.put("tls_client_key", files.key());
    return EngineAnswers.uncached(Response.ok(security));
  }
}
