package io.unicoredask.application;

import jakarta.servlet.Filter;
import org.camunda.bpm.engine.ProcessEngine;
import org.springframework.boot.actuate.autoconfigure.web.server.ConditionalOnManagementPort;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoint;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/**
 * Who may see the endpoints of Actuator: strangers its health, administrators and operators
 * whatever else is exposed, with the login of the REST API.
 */
class EndpointAccess {

  private EndpointAccess() {}

  /** On the application's own port. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnManagementPort(ManagementPortType.SAME)
  static class OnTheSamePort extends Filters {}

  /** What stands before the endpoints. */
  abstract static class Filters {

    @Bean
    FilterRegistrationBean<LoginThrottle> endpointThrottle(
        FilterRegistrationBean<LoginThrottle> loginThrottle, PathMappedEndpoints endpoints) {
      return before("endpointThrottle", loginThrottle.getFilter(), 2, endpoints);
    }

    @Bean
    FilterRegistrationBean<OperatorsOnly> operatorsOnly(
        ProcessEngine engine, PathMappedEndpoints endpoints) {
      return before("operatorsOnly", new OperatorsOnly(engine), 3, endpoints);
    }

    private static <T extends Filter> FilterRegistrationBean<T> before(
        String name, T filter, int place, PathMappedEndpoints endpoints) {
      FilterRegistrationBean<T> registration = new FilterRegistrationBean<>(filter);
      registration.setName(name);
      registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 100 + place);
      registration.setAsyncSupported(true);
      PathMappedEndpoint health = endpoints.getEndpoint(HealthEndpoint.ID);
      endpoints.stream()
          .filter(endpoint -> !endpoint.equals(health))
          .map(endpoint -> endpoints.getBasePath() + "/" + endpoint.getRootPath())
          .forEach(path -> registration.addUrlPatterns(path, path + "/*"));
      registration.setEnabled(!registration.getUrlPatterns().isEmpty());
      return registration;
    }
  }
}
