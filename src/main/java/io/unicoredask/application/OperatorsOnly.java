package io.unicoredask.application;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.identity.Authentication;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets administrators and the group {@code dask-operators} pass; the engine knows who has logged
 * in.
 */
class OperatorsOnly extends OncePerRequestFilter {

  private final ProcessEngine engine;

  OperatorsOnly(ProcessEngine engine) {
    this.engine = engine;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Authentication user = engine.getIdentityService().getCurrentAuthentication();
    if (user == null) {
      response.sendError(HttpStatus.UNAUTHORIZED.value());
    } else if (isOperator(user)) {
      chain.doFilter(request, response);
    } else {
      response.sendError(
          HttpStatus.FORBIDDEN.value(),
          "only administrators and members of the group " + DaskGroups.OPERATORS + " may see this");
    }
  }

  private boolean isOperator(Authentication user) {
    ProcessEngineConfigurationImpl configuration =
        (ProcessEngineConfigurationImpl) engine.getProcessEngineConfiguration();
    List<String> groups =
        Stream.concat(configuration.getAdminGroups().stream(), Stream.of(DaskGroups.OPERATORS))
            .toList();
    return configuration.getAdminUsers().contains(user.getUserId())
        || !Collections.disjoint(groups, user.getGroupIds());
  }
}
