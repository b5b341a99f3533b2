package io.unicoredask.application;

import com.github.benmanes.caffeine.cache.Ticker;
import jakarta.servlet.Filter;
import java.time.Duration;
import org.apache.coyote.ContinueResponseTiming;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.camunda.bpm.spring.boot.starter.property.CamundaBpmProperties;
import org.camunda.bpm.webapp.impl.security.filter.headersec.HttpHeaderSecurityFilter;
import org.springframework.boot.autoconfigure.web.servlet.JerseyApplicationPath;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;

/** What a request has to get through before anybody looks at its login. */
@Configuration(proxyBeanMethods = false)
class WebProtection {

  /** Enough for the line end behind the last one. Nothing here understands more. */
  private static final int AROUND_CHUNKS = 2;

  /** A browser sends the login that it knows along with whatever a page of others asks for. */
  @Bean
  FilterRegistrationBean<CorsFilter> originOfRest(
      ApplicationProperties properties, JerseyApplicationPath rest) {
    CorsConfiguration cors = new CorsConfiguration().applyPermitDefaultValues();
    cors.setAllowedOrigins(properties.allowedOrigins());
    cors.addAllowedMethod(CorsConfiguration.ALL);
    cors.setAllowCredentials(true);
    UrlBasedCorsConfigurationSource everywhere = new UrlBasedCorsConfigurationSource();
    everywhere.registerCorsConfiguration("/**", cors);
    return first(new CorsFilter(everywhere), 1, rest.getUrlMapping());
  }

  /** The web applications have them already. */
  @Bean
  FilterRegistrationBean<HttpHeaderSecurityFilter> headersOfRest(
      CamundaBpmProperties camunda, JerseyApplicationPath rest) {
    FilterRegistrationBean<HttpHeaderSecurityFilter> filter =
        first(new HttpHeaderSecurityFilter(), 0, rest.getUrlMapping());
    filter.setInitParameters(camunda.getWebapp().getHeaderSecurity().getInitParams());
    return filter;
  }

  @Bean
  FilterRegistrationBean<LoginThrottle> loginThrottle(
      CamundaBpmProperties camunda, JerseyApplicationPath rest) {
    return first(
        new LoginThrottle(Ticker.systemTicker()),
        2,
        rest.getUrlMapping(),
        camunda.getWebapp().getApplicationPath() + "/*");
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> slowBodies() {
    return factory -> breakOffSlowBodies(factory, SlowBodyValve.GRACE);
  }

  static void breakOffSlowBodies(TomcatServletWebServerFactory factory, Duration grace) {
    factory.addContextValves(new SlowBodyValve(grace));
    factory.addConnectorCustomizers(
        connector -> {
          AbstractHttp11Protocol<?> http =
              (AbstractHttp11Protocol<?>) connector.getProtocolHandler();
          http.setMaxSwallowSize(0);
          http.setContinueResponseTiming(ContinueResponseTiming.ON_REQUEST_BODY_READ.toString());
          // What stands around the chunks of a body is read at a client's leisure.
          http.setMaxExtensionSize(AROUND_CHUNKS);
          http.setMaxTrailerSize(AROUND_CHUNKS);
        });
  }

  private static <T extends Filter> FilterRegistrationBean<T> first(
      T filter, int place, String... paths) {
    FilterRegistrationBean<T> registration = new FilterRegistrationBean<>(filter);
    registration.addUrlPatterns(paths);
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 100 + place);
    registration.setAsyncSupported(true);
    return registration;
  }
}
