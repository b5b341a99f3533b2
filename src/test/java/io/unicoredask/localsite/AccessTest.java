package io.unicoredask.localsite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may do what, and how it is refused. */
class AccessTest {
  private static final String SESSION = "X-UNICORE-SecuritySession";

  private static LocalSite site;
  private static SiteClient client;
  private static SiteClient nobody;

  @BeforeAll
  static void start() throws IOException {
    site =
        LocalSite.start(
            LocalSiteSettings.builder()
                .user("alice")
                .user("bob")
                .user("eve")
                .stateLag(Duration.ofMillis(20))
                .build());
    client = SiteClient.of(site);
    nobody = new SiteClient(site, null);
  }

  @AfterAll
  static void stop() {
    site.close();
  }

  @Test
  void generatedPasswordsAreLongAndForTheOwnersEyesOnly() throws IOException {
    assertThat(Files.readString(site.passwordFile())).hasSizeGreaterThanOrEqualTo(24);
    assertThat(Files.getPosixFilePermissions(site.passwordFile()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(Files.readString(site.passwordFile("bob")))
        .isNotEqualTo(Files.readString(site.passwordFile("alice")));
  }

  @Test
  void aWrongPasswordIs403WithoutASession() {
    SiteClient wrong =
        new SiteClient(
            site, "Basic " + Base64.getEncoder().encodeToString("alice:nope".getBytes(UTF_8)));

    HttpResponse<byte[]> response = wrong.get("/jobs");
    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.headers().firstValue(SESSION)).isEmpty();
    assertThat(response.body()).isEmpty();
  }

  @Test
  void anUnknownBearerIsAnonymousAndSeesEmptyLists() {
    SiteClient stranger = new SiteClient(site, "Bearer abc.def.ghi");

    assertThat(stranger.json("").at("/client/role/selected").asText()).isEqualTo("anonymous");
    assertThat(stranger.json("/jobs").get("jobs")).isEmpty();
    assertThat(stranger.json("/storages").get("storages")).isEmpty();
    assertThat(stranger.json("/factories").get("factories")).isEmpty();
  }

  @Test
  void theAnonymousMayNotSubmit() {
    assertThat(nobody.post("/jobs", "{\"Executable\":\"date\"}").statusCode()).isEqualTo(403);
  }

  @Test
  void somebodyElsesJobIs403AndItsFilesAre404() {
    String job = client.submit("{'Executable':'date'}");
    client.awaitEnd(job);
    SiteClient bob = SiteClient.of(site, "bob");

    assertThat(bob.get(job).statusCode()).isEqualTo(403);
    assertThat(bob.post(job + "/actions/abort", "{}").statusCode()).isEqualTo(403);
    assertThat(bob.send("DELETE", job, null).statusCode()).isEqualTo(403);
    assertThat(bob.download(job, "stdout").statusCode()).isEqualTo(404);
    assertThat(bob.json("/jobs").get("jobs")).isEmpty();
    assertThat(nobody.get(job).statusCode()).isEqualTo(403);
    assertThat(client.get(job).statusCode()).isEqualTo(200);
  }

  @Test
  void aSessionStandsInForTheCredential() {
    HttpResponse<byte[]> first = client.get("");
    String session = first.headers().firstValue(SESSION).orElseThrow();
    assertThat(first.headers().firstValueAsLong(SESSION + "-Lifetime").orElse(0))
        .isBetween(28_000_000L, 28_800_000L);

    HttpResponse<byte[]> second =
        nobody.send("GET", "", null, "Accept", "application/json", SESSION, session);

    assertThat(user(second)).isEqualTo("alice");
    assertThat(second.headers().firstValue(SESSION)).hasValue(session);
  }

  @Test
  void anUnknownSessionIs432EvenWithAPassword() {
    HttpResponse<byte[]> response =
        client.send("GET", "/jobs", null, SESSION, "00000000-0000-0000-0000-000000000000");

    assertThat(response.statusCode()).isEqualTo(432);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void aSixthSessionDropsTheLeastUsed() {
    SiteClient eve = SiteClient.of(site, "eve");
    String used = eve.get("").headers().firstValue(SESSION).orElseThrow();
    String unused = eve.get("").headers().firstValue(SESSION).orElseThrow();
    Consumer<Integer> openMore =
        count -> {
          for (int i = 0; i < count; i++) {
            eve.get("");
          }
        };
    openMore.accept(3);
    assertThat(eve.send("GET", "", null, SESSION, used).statusCode()).isEqualTo(200);

    openMore.accept(1);

    assertThat(eve.send("GET", "", null, SESSION, unused).statusCode()).isEqualTo(432);
    assertThat(eve.send("GET", "", null, SESSION, used).statusCode()).isEqualTo(200);
  }

  @Test
  void preferencesMustFitTheUser() {
    String header = "X-UNICORE-User-Preferences";

    assertThat(client.send("GET", "", null, header, "uid:alice,role:user").statusCode())
        .isEqualTo(200);
    assertThat(client.send("GET", "", null, header, "uid:root").statusCode()).isEqualTo(403);
    assertThat(client.send("GET", "", null, header, "pgid:nosuchgroup").statusCode())
        .isEqualTo(403);
    assertThat(client.send("GET", "", null, header, "foo").statusCode()).isEqualTo(403);
  }

  @Test
  void aTokenStandsInForThePasswordButCannotBeRenewedUnlessAskedFor() {
    SiteClient bearer = new SiteClient(site, "Bearer " + token(client, ""));

    JsonNode who = bearer.json("").get("client");
    assertThat(who.at("/xlogin/UID").asText()).isEqualTo("alice");
    assertThat(who.get("authenticationMethod").asText()).isEqualTo("ETD");
    HttpResponse<byte[]> refused = bearer.send("GET", "/token", null, "Accept", "text/plain");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(SiteClient.read(refused.body()).get("errorMessage").asText())
        .contains("non-renewable token");

    SiteClient renewing =
        new SiteClient(site, "Bearer " + token(client, "?renewable=true&limited=true"));
    assertThat(token(renewing, "?lifetime=60")).hasSizeGreaterThan(100);
  }

  @Test
  void anExpiredTokenIs403() {
    SiteClient bearer = new SiteClient(site, "Bearer " + token(client, "?lifetime=3"));

    assertThat(bearer.get("").statusCode()).isEqualTo(200);
    await().until(() -> bearer.get("").statusCode() == 403);
  }

  @Test
  void aTokenCannotOutliveTheCertificate() {
    HttpResponse<byte[]> response =
        client.send("GET", "/token?lifetime=999999999999", null, "Accept", "text/plain");

    assertThat(response.statusCode()).isEqualTo(400);
  }

  @Test
  void contentTypesMatter() {
    assertThat(client.send("GET", "/jobs", null, "Accept", "text/csv").statusCode()).isEqualTo(406);
    assertThat(client.send("GET", "/token", null, "Accept", "application/json").statusCode())
        .isEqualTo(406);
    assertThat(
            client
                .send("POST", "/jobs", "{}".getBytes(UTF_8), "Content-Type", "text/plain")
                .statusCode())
        .isEqualTo(415);
  }

  private static String token(SiteClient who, String query) {
    HttpResponse<byte[]> response = who.send("GET", "/token" + query, null, "Accept", "text/plain");
    assertThat(response.statusCode()).isEqualTo(200);
    return new String(response.body(), UTF_8);
  }

  private static String user(HttpResponse<byte[]> response) {
    return SiteClient.read(response.body()).at("/client/xlogin/UID").asText();
  }
}
