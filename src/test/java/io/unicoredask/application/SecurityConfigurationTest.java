package io.unicoredask.application;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.camunda.bpm.spring.boot.starter.property.CamundaBpmProperties;
import org.camunda.bpm.spring.boot.starter.property.WebappProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

/** Browsers that have been here over TLS come back over nothing else. */
class SecurityConfigurationTest {

  private final MockEnvironment environment = new MockEnvironment();
  @TempDir private Path home;

  @ParameterizedTest
  @ValueSource(strings = {"server.ssl.bundle", "server.ssl.key-store", "server.ssl.certificate"})
  void withTlsThereAreHstsAndSecureCookies(String property) {
    environment.setProperty(property, "mine");

    WebappProperty webapp = configured();
    assertThat(webapp.getHeaderSecurity().getInitParams()).containsEntry("hstsDisabled", "false");
    assertThat(webapp.getSessionCookie().getInitParams())
        .containsEntry("enableSecureCookie", "true");
    assertThat(webapp.getCsrf().getInitParams()).containsEntry("enableSecureCookie", "true");
  }

  @Test
  void withoutItThereAreNone() {
    areOff(configured());
  }

  @Test
  void norAreThereWhenItIsSwitchedOff() {
    environment.setProperty("server.ssl.bundle", "mine");
    environment.setProperty("server.ssl.enabled", "false");

    areOff(configured());
  }

  private static void areOff(WebappProperty webapp) {
    assertThat(webapp.getHeaderSecurity().getInitParams())
        .doesNotContainEntry("hstsDisabled", "false");
    assertThat(webapp.getSessionCookie().getInitParams())
        .doesNotContainEntry("enableSecureCookie", "true");
    assertThat(webapp.getCsrf().getInitParams()).doesNotContainEntry("enableSecureCookie", "true");
  }

  private WebappProperty configured() {
    environment.setProperty("application.home", home.toString());
    CamundaBpmProperties camunda = new CamundaBpmProperties();
    SecurityConfiguration.adminPassword(environment)
        .postProcessAfterInitialization(camunda, "camunda");
    return camunda.getWebapp();
  }
}
