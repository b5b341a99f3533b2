package io.unicoredask.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.unicoredask.localsite.LocalSite;
import io.unicoredask.localsite.LocalSiteSettings;
import io.unicoredask.unicore.SiteInfo;
import io.unicoredask.unicore.UnicoreSite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.autoconfigure.health.HealthContributorAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.health.HealthEndpointAutoConfiguration;
import org.springframework.boot.actuate.health.CompositeHealth;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthComponent;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The sites in the health endpoint. */
class SiteHealthTest {

  private static final String CONTRIBUTOR = "unicoreDaskSitesHealthContributor";

  @TempDir private Path directory;

  private LocalSite site;
  private ApplicationContextRunner context =
      TestEngine.in(
          new ApplicationContextRunner()
              .withConfiguration(
                  AutoConfigurations.of(
                      SslAutoConfiguration.class,
                      UnicoreDaskAutoConfiguration.class,
                      HealthContributorAutoConfiguration.class,
                      HealthEndpointAutoConfiguration.class)));

  @BeforeEach
  void startASite() throws IOException {
    site = LocalSite.start(LocalSiteSettings.builder().tls(false).build());
  }

  @AfterEach
  void closeTheSite() {
    site.close();
  }

  @Test
  void aSiteThatAnswersIsUpAndSaysWhoWeAre() {
    add("good", site.passwordFile());

    context.run(
        started -> {
          HealthEndpoint endpoint = started.getBean(HealthEndpoint.class);
          Health health = (Health) endpoint.healthForPath("unicoreDaskSites", "good");
          assertThat(health.getStatus()).isEqualTo(Status.UP);
          assertThat(health.getDetails())
              .containsOnlyKeys("uid", "version")
              .containsEntry("uid", "demouser");
          assertThat(endpoint.health().getStatus()).isEqualTo(Status.UP);
        });
  }

  @Test
  void aSiteThatRefusesUsIsDownWithCauseAndRemedyAndTheOthersStayUp() throws IOException {
    add("good", site.passwordFile());
    add("bad", Files.writeString(directory.resolve("password"), "not-this-one"));

    context.run(
        started -> {
          CompositeHealth sites =
              (CompositeHealth)
                  started.getBean(HealthEndpoint.class).healthForPath("unicoreDaskSites");
          assertThat(sites.getStatus()).isEqualTo(Status.DOWN);
          HealthComponent bad = sites.getComponents().get("bad");
          assertThat(((Health) bad).getDetails().get("error").toString())
              .contains("site 'bad', GET " + site.baseUrl())
              .contains("HTTP 403")
              .contains(
                  "Check the user 'demouser' and the password file "
                      + directory.resolve("password"))
              .doesNotContain("not-this-one");
          assertThat(sites.getComponents().get("good").getStatus()).isEqualTo(Status.UP);
        });
  }

  @Test
  void aSiteThatTakesNoJobsIsOutOfService() {
    UnicoreSite unicore = mock(UnicoreSite.class);
    when(unicore.info()).thenReturn(new SiteInfo("HPC", "11.1", false, "CN=x", "user", "x"));

    assertThat(new SiteHealth(unicore).health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
  }

  @Test
  void theSiteIsAskedOnceHoweverOftenTheEndpointIs() {
    UnicoreSite unicore = mock(UnicoreSite.class);
    when(unicore.info()).thenThrow(new IllegalStateException("away"));
    SiteHealth health = new SiteHealth(unicore);

    for (int i = 0; i < 20; i++) {
      assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
    }
    verify(unicore).info();
  }

  @Test
  void withoutSitesAllIsWell() {
    context.run(
        started ->
            assertThat(started.getBean(HealthEndpoint.class).health().getStatus())
                .isEqualTo(Status.UP));
  }

  @Test
  void itCanBeSwitchedOff() {
    context
        .withPropertyValues("management.health.unicoredasksites.enabled=false")
        .run(started -> assertThat(started).hasNotFailed().doesNotHaveBean(CONTRIBUTOR));
  }

  @Test
  void anApplicationWithoutActuatorHasNone() {
    TestEngine.in(
            new ApplicationContextRunner()
                .withConfiguration(
                    AutoConfigurations.of(
                        SslAutoConfiguration.class, UnicoreDaskAutoConfiguration.class)))
        .withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
        .run(started -> assertThat(started).hasNotFailed().doesNotHaveBean(CONTRIBUTOR));
  }

  private void add(String name, Path passwordFile) {
    String prefix = "unicore-dask.sites." + name + ".";
    context =
        context.withPropertyValues(
            prefix + "url=" + site.baseUrl(),
            prefix + "username=" + site.user(),
            prefix + "password-file=" + passwordFile);
  }
}
