package io.unicoredask.unicore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import feign.Client;
import feign.Request;
import feign.Response;
import io.unicoredask.TestSite;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People who use a site under their own names are nobody else there, and in nobody's way. */
class SiteAccessTest {

  private static final URI BASE = URI.create("https://site.example/DEMO/rest/core");

  @TempDir private Path directory;

  private final AtomicInteger requests = new AtomicInteger();
  private final SiteAccess site =
      new SiteAccess(
          new SiteSettings(
              "hpc",
              TestSite.site().baseUrl(),
              UsernamePassword.fromFile(TestSite.site().user(), TestSite.site().passwordFile()),
              TestSite.trust(TestSite.site()),
              Duration.ofSeconds(10),
              Duration.ofSeconds(30),
              null),
          requests::incrementAndGet);

  private UnicoreSite of(String user, Path password) {
    return site.of(user, UsernamePassword.fromFile(user, password), "uid:" + user);
  }

  private Path password(String user) {
    return TestSite.site().passwordFile(user);
  }

  @Test
  void eachIsWhoTheyAre() {
    UnicoreSite alice = of(TestSite.ALICE, password(TestSite.ALICE));
    UnicoreSite bob = of(TestSite.BOB, password(TestSite.BOB));
    for (int i = 0; i < 2; i++) {
      assertThat(alice.info().uid()).isEqualTo("alice");
      assertThat(bob.info().uid()).isEqualTo("bob");
      assertThat(site.own().info().uid()).isEqualTo(TestSite.site().user());
    }
  }

  @Test
  void preferencesThatOneMayNotHaveAreRefusedInTheirName() {
    UnicoreSite alice =
        site.of(
            TestSite.ALICE,
            UsernamePassword.fromFile(TestSite.ALICE, password(TestSite.ALICE)),
            "uid:bob");
    assertThat(catchThrowableOfType(UserCredentialException.class, alice::info))
        .hasMessageStartingWith("The credential of user 'alice' for site 'hpc': refused. Check")
        .hasMessageContaining("preferences");
  }

  @Test
  void whatIsTakenAwayKeepsNoSessionOpenAndIsSaidWithTheFile() throws IOException {
    Path file = Files.copy(password(TestSite.ALICE), directory.resolve("alice"));
    UnicoreSite alice = of(TestSite.ALICE, file);
    alice.info();
    Files.delete(file);
    int before = requests.get();

    UserCredentialException problem =
        catchThrowableOfType(UserCredentialException.class, alice::info);

    assertThat(problem)
        .hasMessageStartingWith(
            "The credential of user 'alice' for site 'hpc': the password file " + file)
        .hasMessageContaining("was not made");
    assertThat(problem.isRetryable()).isFalse();
    assertThat(requests.get()).isEqualTo(before);
  }

  @Test
  void anotherCredentialInTheSameFileUsesNoSessionOfTheOneBefore() throws IOException {
    Path file = Files.copy(password(TestSite.ALICE), directory.resolve("alice"));
    UnicoreSite alice = of(TestSite.ALICE, file);
    alice.info();
    Files.writeString(file, "no longer the password");

    assertThat(catchThrowableOfType(UserCredentialException.class, alice::info)).isNotNull();
  }

  @Test
  void aWrongPasswordIsShownLessOftenAndIsInNobodyElsesWay() throws IOException {
    Path file = Files.writeString(directory.resolve("alice"), "wrong");
    UnicoreSite alice = of(TestSite.ALICE, file);
    UnicoreSite bob = of(TestSite.BOB, password(TestSite.BOB));
    bob.info();
    int before = requests.get();

    for (int i = 0; i < 50; i++) {
      assertThat(catchThrowableOfType(UserCredentialException.class, alice::info))
          .hasMessageStartingWith("The credential of user 'alice' for site 'hpc': ")
          .hasMessageContaining("the user 'alice' and the password file " + file);
    }

    assertThat(requests.get() - before).isBetween(3, 10);
    assertThat(bob.info().uid()).isEqualTo("bob");
    assertThat(site.own().info().uid()).isEqualTo(TestSite.site().user());
  }

  private int status = 403;
  private int shown;
  private long now;
  private final Client refused =
      new RefusedUsers(
          (request, options) -> {
            shown++;
            return Response.builder().status(status).request(request).headers(Map.of()).build();
          },
          new SiteErrors(
              new SiteSettings(
                      "demo",
                      BASE,
                      () -> "Basic x",
                      null,
                      Duration.ofSeconds(1),
                      Duration.ofSeconds(1),
                      null)
                  .as("alice", () -> "Basic y", null)),
          () -> now);

  private void show(String header) throws IOException {
    refused
        .execute(
            Request.create(
                Request.HttpMethod.GET,
                BASE.toString(),
                Map.of(header, List.of("x")),
                Request.Body.create(""),
                null),
            null)
        .close();
  }

  private void showUntilLetAlone() throws IOException {
    try {
      while (true) {
        show("Authorization");
      }
    } catch (UserCredentialException e) {
      assertThat(e).hasMessageContaining("times in a row");
    }
  }

  @Test
  void afterThreeRefusalsThePausesBecomeLongerAndOneSuccessEndsThem() throws IOException {
    showUntilLetAlone();
    assertThat(shown).isEqualTo(3);
    now += RefusedUsers.SHORTEST;
    showUntilLetAlone();
    assertThat(shown).isEqualTo(4);
    now += RefusedUsers.SHORTEST;
    showUntilLetAlone();
    assertThat(shown).isEqualTo(4);

    now += RefusedUsers.LONGEST;
    status = 200;
    show("Authorization");
    status = 403;
    showUntilLetAlone();
    assertThat(shown).isEqualTo(8);
  }

  @Test
  void aSessionThatTheSiteKnowsIsUsedAllTheSame() throws IOException {
    showUntilLetAlone();
    show("X-UNICORE-SecuritySession");
    assertThat(shown).isEqualTo(4);
  }
}
