package io.unicoredask.application;

import com.github.benmanes.caffeine.cache.Ticker;
import jakarta.servlet.Filter;
import org.camunda.bpm.spring.boot.starter.property.CamundaBpmProperties;
import org.camunda.bpm.webapp.impl.security.filter.headersec.HttpHeaderSecurityFilter;
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

  private static final String REST = "/engine-rest/*";
  private static final String WEB_APPLICATIONS = "/camunda/*";

  /** A browser sends the login that it knows along with whatever a page of others asks for. */
  @Bean
  FilterRegistrationBean<CorsFilter> originOfRest(ApplicationProperties properties) {
    CorsConfiguration cors = new CorsConfiguration().applyPermitDefaultValues();
    cors.setAllowedOrigins(properties.allowedOrigins());
    cors.addAllowedMethod(CorsConfiguration.ALL);
    cors.setAllowCredentials(true);
    UrlBasedCorsConfigurationSource everywhere = new UrlBasedCorsConfigurationSource();
    everywhere.registerCorsConfiguration("/**", cors);
    return first(new CorsFilter(everywhere), 2, REST);
  }

  /** The web applications have them already. */
  @Bean
  FilterRegistrationBean<HttpHeaderSecurityFilter> headersOfRest(CamundaBpmProperties camunda) {
    FilterRegistrationBean<HttpHeaderSecurityFilter> filter =
        first(new HttpHeaderSecurityFilter(), 1, REST);
    filter.setInitParameters(camunda.getWebapp().getHeaderSecurity().getInitParams());
    return filter;
  }

  @Bean
  FilterRegistrationBean<LoginThrottle> loginThrottle() {
    return first(new LoginThrottle(Ticker.systemTicker()), 3, REST, WEB_APPLICATIONS);
  }

  @Bean
  FilterRegistrationBean<BodyPace> bodyPace() {
    return first(new BodyPace(System::nanoTime), 0, "/*");
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
