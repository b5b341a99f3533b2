package io.unicoredask.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.site.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** How sites are configured that people use under their own names. */
class OwnNamesConfigurationTest {

  private static final String SITE = "unicore-dask.sites.jewels.";
  private static final String PEOPLE = "unicore-dask.credentials.people.";

  @TempDir private Path directory;
  private ApplicationContextRunner context;

  @BeforeEach
  void configureASite() throws IOException {
    Files.writeString(directory.resolve("password"), "secret");
    Files.writeString(directory.resolve("alice.password"), "hers");
    context =
        TestEngine.in(
                new ApplicationContextRunner()
                    .withConfiguration(
                        AutoConfigurations.of(
                            SslAutoConfiguration.class, UnicoreDaskAutoConfiguration.class)))
            .withPropertyValues(
                SITE + "url=http://127.0.0.1:1/JEWELS/rest/core",
                SITE + "username=ada",
                SITE + "password-file=" + directory.resolve("password"));
  }

  private ApplicationContextRunner underOwnNames(String... properties) {
    return context
        .withPropertyValues(SITE + "identity=initiator", SITE + "initiator.credential=people")
        .withPropertyValues(properties);
  }

  private static void site(ApplicationContextRunner runner, Consumer<Site> check) {
    runner.run(
        started -> {
          assertThat(started).hasNotFailed();
          check.accept(Inside.sites(started).get("jewels"));
        });
  }

  @Test
  void allHaveTheSitesOwnAccountUnlessItIsSaidOtherwise() {
    site(context, site -> assertThat(site.isUsedUnderOwnNames()).isFalse());
  }

  @Test
  void eachHasTheFileWithTheirName() {
    site(
        underOwnNames(
            PEOPLE + "username={user}",
            PEOPLE + "password-file=" + directory.resolve("{user}.password"),
            SITE + "initiator.preferences=uid:{user},group:hpc"),
        site -> {
          assertThat(site.problem("alice")).isEmpty();
          assertThat(site.as("alice").unicore().authentication())
              .containsEntry("Authorization", "Basic YWxpY2U6aGVycw==")
              .containsEntry("X-UNICORE-User-Preferences", "uid:alice,group:hpc");
          assertThat(site.unicore().authentication())
              .containsEntry("Authorization", "Basic YWRhOnNlY3JldA==")
              .doesNotContainKey("X-UNICORE-User-Preferences");
          assertThat(site.problem("bob"))
              .hasValueSatisfying(
                  problem ->
                      assertThat(problem)
                          .contains("'bob'", directory.resolve("bob.password").toString()));
        });
  }

  @Test
  void oneKeyThatAllHaveAuthorisedIsUsedInTheNameOfEach() throws IOException {
    Path key = directory.resolve("key");
    Files.writeString(key, "no key");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    site(
        underOwnNames(PEOPLE + "username={user}", PEOPLE + "key-file=" + key),
        site ->
            assertThat(site.problem("alice"))
                .hasValueSatisfying(problem -> assertThat(problem).contains("'alice'", "key")));
  }

  @Test
  void theSitesOwnCredentialMayActForEachByPreference() {
    site(
        context.withPropertyValues(
            SITE + "identity=initiator", SITE + "initiator.preferences=uid:{user}"),
        site ->
            assertThat(site.as("alice").unicore().authentication())
                .containsEntry("Authorization", "Basic YWRhOnNlY3JldA==")
                .containsEntry("X-UNICORE-User-Preferences", "uid:alice"));
  }

  @Test
  void aRefreshTokenOfEachIsLookedForWithoutAskingTheProvider() throws IOException {
    Files.writeString(directory.resolve("alice.refresh"), "token");
    site(
        underOwnNames(
            PEOPLE + "oidc.token-uri=http://127.0.0.1:1/token",
            PEOPLE + "oidc.client-id=dask",
            PEOPLE + "oidc.refresh-token-file=" + directory.resolve("{user}.refresh")),
        site -> {
          assertThat(site.problem("alice")).isEmpty();
          assertThat(site.problem("bob"))
              .hasValueSatisfying(problem -> assertThat(problem).contains("bob.refresh"));
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          initiator.credential=nobody                | initiator.credential = nobody is not one of unicore-dask.credentials; there are [people, same]
          initiator.credential=same                  | all users would be the same to the site
          credential=people                          | credential = people has {user} in it
          user-preferences=uid:{user}                | user-preferences has {user} in it
          user-preferences=uid:x, role:user          | allowed are pairs such as uid:x,group:y
          user-preferences=login:x                   | allowed are pairs such as uid:x,group:y
          initiator.preferences=uid:{user} ,role:user | allowed are pairs such as uid:x,group:y
          identity=shared                            | initiator.credential or .preferences has no meaning there
          """)
  void whatCannotBeMeantIsRefused(String property, String reason) {
    ApplicationContextRunner runner =
        underOwnNames(
            PEOPLE + "token-file=" + directory.resolve("{user}.token"),
            "unicore-dask.credentials.same.token-file=" + directory.resolve("password"));
    if (property.startsWith("credential")) {
      runner = runner.withPropertyValues(SITE + "username=", SITE + "password-file=");
    }
    runner
        .withPropertyValues(SITE + property)
        .run(started -> assertThat(started).getFailure().hasStackTraceContaining(reason));
  }

  @ParameterizedTest
  @CsvSource({"audience", "oidc.client-id", "oidc.client-secret-file"})
  void aNameWhereNoneCanStandIsRefused(String property) {
    underOwnNames(
            PEOPLE + "oidc.token-uri=http://127.0.0.1:1/token",
            PEOPLE + "oidc.client-id=dask",
            PEOPLE + "oidc.refresh-token-file=" + directory.resolve("{user}.refresh"))
        .withPropertyValues(PEOPLE + property + "={user}")
        .run(
            started ->
                assertThat(started)
                    .getFailure()
                    .hasStackTraceContaining("%s cannot have {user} in it".formatted(property)));
  }
}
