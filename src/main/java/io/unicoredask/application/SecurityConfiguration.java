package io.unicoredask.application;

import java.util.stream.Stream;
import org.camunda.bpm.engine.rest.security.auth.ProcessEngineAuthenticationFilter;
import org.camunda.bpm.engine.rest.security.auth.impl.HttpBasicAuthenticationProvider;
import org.camunda.bpm.spring.boot.starter.property.CamundaBpmProperties;
import org.camunda.bpm.spring.boot.starter.property.WebappProperty;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.web.servlet.JerseyApplicationPath;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Who may do what: the REST API asks for a login too, and the engine checks authorisations. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ApplicationProperties.class)
class SecurityConfiguration {

  @Bean
  FilterRegistrationBean<ProcessEngineAuthenticationFilter> restAuthentication(
      JerseyApplicationPath rest) {
    FilterRegistrationBean<ProcessEngineAuthenticationFilter> filter =
        new FilterRegistrationBean<>(new ProcessEngineAuthenticationFilter());
    filter.addUrlPatterns(rest.getUrlMapping());
    filter.addInitParameter(
        ProcessEngineAuthenticationFilter.AUTHENTICATION_PROVIDER_PARAM,
        HttpBasicAuthenticationProvider.class.getName());
    filter.setAsyncSupported(true);
    return filter;
  }

  /** The engine has the admin user by now; nothing else needs the password. */
  @Bean
  ApplicationListener<ApplicationReadyEvent> forgottenAdminPassword(CamundaBpmProperties camunda) {
    return ready -> camunda.getAdminUser().setPassword(null);
  }

  private static boolean isEncrypted(Environment environment) {
    return environment.getProperty("server.ssl.enabled", Boolean.class, true)
        && Stream.of("bundle", "key-store", "certificate")
            .anyMatch(name -> environment.containsProperty("server.ssl." + name));
  }

  /** A browser that has been here over TLS comes back over TLS only. */
  private static void keepEncrypted(WebappProperty webapp) {
    webapp.getHeaderSecurity().setHstsDisabled(false);
    webapp.getSessionCookie().setEnableSecureCookie(true);
    webapp.getCsrf().setEnableSecureCookie(true);
  }

  /**
   * Gives the admin user its password here, and not by a property: properties can be read by every
   * expression of a deployed process.
   */
  @Bean
  static BeanPostProcessor adminPassword(Environment environment) {
    return new BeanPostProcessor() {
      @Override
      public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof CamundaBpmProperties camunda) {
          ApplicationProperties application =
              Binder.get(environment).bindOrCreate("application", ApplicationProperties.class);
          camunda.getAdminUser().setPassword(AdminPassword.in(application.adminPasswordFile()));
          if (isEncrypted(environment)) {
            keepEncrypted(camunda.getWebapp());
          }
        }
        return bean;
      }
    };
  }
}
