package io.unicoredask.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.camunda.bpm.engine.ProcessEngine;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.health.HealthContributorAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.health.HealthEndpointAutoConfiguration;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Whether the engine may act, in the health endpoint. */
class IdentityHealthTest {

  private static final String COMPONENT = "unicoreDaskIdentity";

  private final ApplicationContextRunner context =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  SslAutoConfiguration.class,
                  UnicoreDaskAutoConfiguration.class,
                  HealthContributorAutoConfiguration.class,
                  HealthEndpointAutoConfiguration.class));

  @Test
  void anEngineWithoutAnInstallationIdIsOutOfService() {
    context
        .withBean(ProcessEngine.class, IdentityHealthTest::engineWithoutId)
        .run(
            started -> {
              Health health =
                  (Health) started.getBean(HealthEndpoint.class).healthForPath(COMPONENT);
              assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
              assertThat(health.getDetails().get("error").toString())
                  .contains("camunda.installation.id", "No Dask cluster is started");
            });
  }

  @Test
  void aNodeThatLooksAfterNothingIsUp() {
    TestEngine.in(context)
        .run(
            started ->
                assertThat(
                        started.getBean(HealthEndpoint.class).healthForPath(COMPONENT).getStatus())
                    .isEqualTo(Status.UP));
  }

  @Test
  void itCanBeLeftOut() {
    TestEngine.in(context)
        .withPropertyValues("management.health.unicoredaskidentity.enabled=false")
        .run(
            started ->
                assertThat(started.getBean(HealthEndpoint.class).healthForPath(COMPONENT))
                    .isNull());
  }

  @Test
  void nothingIsTakenOverUnlessSomebodySaysSo() {
    TestEngine.in(context)
        .run(
            started ->
                assertThat(started.getBean(UnicoreDaskProperties.class).identity())
                    .isEqualTo(
                        new UnicoreDaskProperties.Identity(null, Duration.ofMinutes(5), false)));
  }

  private static ProcessEngine engineWithoutId() {
    ProcessEngine engine = TestEngine.start("without-id");
    engine.getManagementService().deleteProperty("camunda.installation.id");
    return engine;
  }
}
