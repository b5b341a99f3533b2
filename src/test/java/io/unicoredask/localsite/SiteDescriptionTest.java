package io.unicoredask.localsite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.unicoredask.TestSite;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the site tells about itself and its queues. */
class SiteDescriptionTest {
  private static LocalSite site;
  private static SiteClient client;

  @BeforeAll
  static void start() throws IOException {
    site =
        LocalSite.start(
            LocalSiteSettings.builder()
                .queue("batch", 4)
                .queue("debug", 2)
                .application(
                    "dask-worker", new LocalSiteSettings.Application("2022.12.1", "dask-worker"))
                .build());
    client = SiteClient.of(site);
  }

  @AfterAll
  static void stop() {
    site.close();
  }

  @Test
  void theBaseHasTheFieldsOfARealServer() {
    JsonNode base = client.json("");

    assertThat(Recording.keys(base)).isEqualTo(Recording.keys(Recording.of("01-base").body()));
    assertThat(base.at("/client/xlogin/UID").asText()).isEqualTo("demouser");
    assertThat(base.at("/client/role/selected").asText()).isEqualTo("user");
    assertThat(base.at("/_links/jobs/href").asText()).isEqualTo(site.baseUrl() + "/jobs");
  }

  @Test
  void whoeverHasNoCredentialIsAnonymous() {
    JsonNode base = new SiteClient(site, null).json("");

    assertThat(Recording.keys(base))
        .isEqualTo(Recording.keys(Recording.of("01d-base-anonymous").body()));
    assertThat(base.at("/client/role/selected").asText()).isEqualTo("anonymous");
  }

  @Test
  void fieldsSelectsWholeTopLevelFieldsOnly() {
    assertThat(client.json("?fields=client").fieldNames()).toIterable().containsExactly("client");
    assertThat(client.json("?fields=client.xlogin,server.version")).isEmpty();
    assertThat(client.json("?fields=!client,!_links").fieldNames())
        .toIterable()
        .containsExactly("server");
  }

  @Test
  void linksRepeatTheHostThatTheClientUsed() {
    String url = site.baseUrl().toString().replace("localhost", "127.0.0.1");

    assertThat(client.json(url).at("/_links/jobs/href").asText()).isEqualTo(url + "/jobs");
  }

  @Test
  void theFactoryTellsTheLimitsOfEachQueue() {
    String url = client.json("/factories").at("/factories/0").asText();
    JsonNode factory = client.json(url);

    assertThat(factory.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrderElementsOf(() -> Recording.of("02b-factory").body().fieldNames());
    assertThat(Recording.keys(factory.at("/resources/batch")))
        .isEqualTo(Recording.keys(Recording.of("02b-factory").body().at("/resources/batch")));
    assertThat(factory.at("/resources/debug/Nodes").asText()).isEqualTo("1-2");
  }

  @Test
  void theFactoryListsTheApplications() {
    String url = client.json("/factories").at("/factories/0").asText() + "/applications";

    assertThat(client.json(url).get("applications"))
        .extracting(JsonNode::asText)
        .contains("Date---v1.0", "dask-worker---v2022.12.1");
    JsonNode worker = client.json(url + "/dask-worker---v2022.12.1");
    assertThat(Recording.keys(worker))
        .isEqualTo(Recording.keys(Recording.of("02d-factory-app-dask").body()));
    assertThat(client.get(url + "/dask-worker---v1").statusCode()).isEqualTo(404);
  }

  @Test
  void thereIsOneSite() {
    String url = client.json("/sites").at("/sites/0").asText();

    assertThat(client.json(url).at("/resources/batch/Nodes").asText()).isEqualTo("1-4");
  }

  @Test
  void theCertificateCanBeAskedFor() throws IOException {
    HttpResponse<byte[]> response =
        client.send("GET", "/certificate", null, "Accept", "text/plain");

    assertThat(new String(response.body(), UTF_8))
        .isEqualTo(Files.readString(site.certificateFile()));
  }

  @Test
  void theCertificateStaysWhenTheSiteIsStartedAgainInItsDirectory(@TempDir Path directory)
      throws Exception {
    LocalSiteSettings settings = LocalSiteSettings.builder().directory(directory).build();
    String certificate;
    SSLContext trust;
    try (LocalSite first = LocalSite.start(settings)) {
      certificate = Files.readString(first.certificateFile());
      trust = TestSite.trust(first);
    }

    try (LocalSite again = LocalSite.start(settings)) {
      assertThat(Files.readString(again.certificateFile())).isEqualTo(certificate);
      assertThat(
              HttpClient.newBuilder()
                  .sslContext(trust)
                  .build()
                  .send(
                      HttpRequest.newBuilder(again.baseUrl()).build(),
                      HttpResponse.BodyHandlers.discarding())
                  .statusCode())
          .isEqualTo(200);
    }
    try (Stream<Path> files = Files.list(directory)) {
      Path key = files.filter(file -> file.toString().endsWith(".p12")).findFirst().orElseThrow();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void headAnswersWithoutABody() {
    HttpResponse<byte[]> response = client.send("HEAD", "", null, "Accept", "application/json");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValueAsLong("Content-Length").orElse(0)).isPositive();
    assertThat(response.body()).isEmpty();
  }

  @Test
  void nothingIsCompressed() {
    HttpResponse<byte[]> response =
        client.send("GET", "", null, "Accept", "application/json", "Accept-Encoding", "gzip");

    assertThat(response.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(SiteClient.read(response.body()).has("server")).isTrue();
  }

  @Test
  void whoeverTakesAnythingGetsHtml() {
    HttpResponse<byte[]> response = client.send("GET", "/jobs", null, "Accept", "*/*");

    assertThat(response.headers().firstValue("Content-Type")).hasValue("text/html");
  }

  @Test
  void pathsThatLeadNowhereAre404() {
    String server = site.baseUrl().toString().replace("/LOCAL-SITE/rest/core", "");

    assertThat(client.get("/nosuch").statusCode()).isEqualTo(404);
    assertThat(client.get(server + "/LOCAL-SITE/rest/nosuch").statusCode()).isEqualTo(404);
    HttpResponse<byte[]> noSite = client.get(server + "/NOSITE/rest/core");
    assertThat(noSite.statusCode()).isEqualTo(404);
    assertThat(SiteClient.read(noSite.body()).get("message").asText())
        .isEqualTo("Could not find the requested resource.");
  }
}
