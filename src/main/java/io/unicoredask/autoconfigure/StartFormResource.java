package io.unicoredask.autoconfigure;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.authorization.ProcessDefinitionPermissions;
import org.camunda.bpm.engine.authorization.Resources;
import org.camunda.bpm.engine.impl.identity.Authentication;
import org.glassfish.jersey.server.model.Resource;
import org.springframework.core.io.ClassPathResource;

/**
 * {@code GET unicore-dask/start-form} within the engine's REST API: what a form needs to ask
 * somebody for a cluster. It is for whoever may start one, as the engine says. {@code GET
 * unicore-dask/start-form.html} is the form that Tasklist shows, which reads it.
 */
public final class StartFormResource {

  private static final String PROCESS = "dask-cluster";
  private static final String FORM = "unicore-dask/start-form.html";

  private final Supplier<ProcessEngine> engine;
  private final Function<String, Map<String, Object>> form;

  /**
   * @param form for a user, null if the engine knows none
   */
  StartFormResource(Supplier<ProcessEngine> engine, Function<String, Map<String, Object>> form) {
    this.engine = engine;
    this.form = form;
  }

  /** It as Jersey takes it, with a path that begins so. */
  Resource resource(String base) {
    try {
      Resource.Builder resource = Resource.builder(base + "{form: start-form(\\.html)?}");
      resource
          .addMethod(HttpMethod.GET)
          .produces(MediaType.APPLICATION_JSON_TYPE, MediaType.TEXT_HTML_TYPE)
          .handledBy(this, getClass().getMethod("form", String.class));
      return resource.build();
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Answers 200; 401 to who has not logged in where the engine checks authorisations, 403 to who
   * may not start a cluster.
   *
   * @param form {@code start-form.html} for the form itself
   */
  public Response form(@PathParam("form") String form) {
    if (form.endsWith(".html")) {
      return EngineAnswers.uncached(
          Response.ok(html(), MediaType.TEXT_HTML_TYPE.withCharset(UTF_8.name())));
    }
    Authentication user = engine.get().getIdentityService().getCurrentAuthentication();
    if (!engine.get().getProcessEngineConfiguration().isAuthorizationEnabled()) {
      return data(user);
    }
    if (user == null || user.getUserId() == null) {
      return EngineAnswers.refused(
          Response.Status.UNAUTHORIZED, "StartForm", "this is for who has logged in");
    }
    return mayStart(user)
        ? data(user)
        : EngineAnswers.refused(
            Response.Status.FORBIDDEN,
            "StartForm",
            "The user with id '%s' does not have 'CREATE_INSTANCE' permission on resource '%s' of type 'ProcessDefinition'."
                .formatted(user.getUserId(), PROCESS));
  }

  private boolean mayStart(Authentication user) {
    return engine
        .get()
        .getAuthorizationService()
        .isUserAuthorized(
            user.getUserId(),
            user.getGroupIds(),
            ProcessDefinitionPermissions.CREATE_INSTANCE,
            Resources.PROCESS_DEFINITION,
            PROCESS);
  }

  private Response data(Authentication user) {
    return EngineAnswers.uncached(
        Response.ok(
            form.apply(user == null ? null : user.getUserId()), MediaType.APPLICATION_JSON_TYPE));
  }

  private static String html() {
    try {
      return new ClassPathResource(FORM, StartFormResource.class.getClassLoader())
          .getContentAsString(UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
