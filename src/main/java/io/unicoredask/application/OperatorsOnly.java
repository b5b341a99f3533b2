package io.unicoredask.application;

import io.unicoredask.camunda.engine.EngineSettings;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collection;
import java.util.stream.Stream;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.identity.Group;
import org.camunda.bpm.engine.rest.security.auth.AuthenticationProvider;
import org.camunda.bpm.engine.rest.security.auth.AuthenticationResult;
import org.camunda.bpm.engine.rest.security.auth.impl.HttpBasicAuthenticationProvider;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets administrators and the group {@code dask-operators} pass, with the login of the REST API.
 * Camunda's own filter takes the engine's name from the path, which says nothing of it here.
 */
class OperatorsOnly extends OncePerRequestFilter {

  private final AuthenticationProvider logins = new HttpBasicAuthenticationProvider();
  private final ProcessEngine engine;

  OperatorsOnly(ProcessEngine engine) {
    this.engine = engine;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    AuthenticationResult login = logins.extractAuthenticatedUser(request, engine);
    if (!login.isAuthenticated()) {
      response.setStatus(HttpStatus.UNAUTHORIZED.value());
      logins.augmentResponseByAuthenticationChallenge(response, engine);
    } else if (isOperator(login.getAuthenticatedUser())) {
      chain.doFilter(request, response);
    } else {
      response.sendError(
          HttpStatus.FORBIDDEN.value(),
          "only administrators and members of the group " + DaskGroups.OPERATORS + " may see this");
    }
  }

  private boolean isOperator(String user) {
    EngineSettings settings = new EngineSettings(engine.getProcessEngineConfiguration());
    if (settings.adminUsers().contains(user)) {
      return true;
    }
    Collection<String> allowed =
        Stream.concat(settings.adminGroups().stream(), Stream.of(DaskGroups.OPERATORS)).toList();
    return engine.getIdentityService().createGroupQuery().groupMember(user).list().stream()
        .map(Group::getId)
        .anyMatch(allowed::contains);
  }
}
