package io.unicoredask.localsite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job's directory, and the user's home. */
class StorageTest {
  private static LocalSite site;
  private static SiteClient client;
  private static String job;

  @BeforeAll
  static void start() throws IOException {
    site = LocalSite.start(LocalSiteSettings.builder().stateLag(Duration.ofMillis(20)).build());
    client = SiteClient.of(site);
    job = client.submit("{'Executable':'printf 0123456789; mkdir d; echo x > d/x'}");
    client.awaitEnd(job);
  }

  @AfterAll
  static void stop() {
    site.close();
  }

  @Test
  void itHasTheFieldsOfARealServers() {
    JsonNode storage = client.json("/storages/" + SiteClient.id(job) + "-uspace");

    assertThat(Recording.keys(storage))
        .isEqualTo(Recording.keys(Recording.of("21-storage").body()));
    assertThat(storage.get("resourceStatus").asText()).isEqualTo("READY");
    assertThat(storage.get("mountPoint").asText()).endsWith("/");
    assertThat(Path.of(storage.get("mountPoint").asText(), "stdout")).exists().isAbsolute();
  }

  @Test
  void aListingNamesFilesByPath() {
    JsonNode listing = client.json(client.fileUrl(job, ""));
    JsonNode recorded = Recording.of("21b-files").body();

    assertThat(listing.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrderElementsOf(() -> recorded.fieldNames());
    assertThat(Recording.keys(listing.at("/content/~1stdout")))
        .isEqualTo(Recording.keys(recorded.at("/content/~1stdout")));
    assertThat(listing.at("/content/~1stdout/size").asLong()).isEqualTo(10);
    assertThat(listing.at("/content/~1d~1/isDirectory").asBoolean()).isTrue();
    assertThat(client.json(client.fileUrl(job, "d")).get("content").fieldNames())
        .toIterable()
        .containsExactly("/d/x");
  }

  @Test
  void aListingCanBePaged() {
    JsonNode page = client.json(client.fileUrl(job, "?offset=1&num=2"));

    assertThat(page.get("content")).hasSize(2);
    assertThat(page.at("/_links/next/href").asText()).endsWith("/files?offset=3&num=2");
    assertThat(page.at("/_links/previous/href").asText()).endsWith("/files?offset=0&num=2");
  }

  @Test
  void contentIsForThoseWhoAskForOctets() {
    assertThat(client.text(job, "stdout")).isEqualTo("0123456789");

    HttpResponse<byte[]> html =
        client.send("GET", client.fileUrl(job, "stdout"), null, "Accept", "*/*");
    assertThat(html.headers().firstValue("Content-Type")).hasValue("text/html");
    HttpResponse<byte[]> properties = client.get(client.fileUrl(job, "stdout"));
    assertThat(SiteClient.read(properties.body()).get("size").asInt()).isEqualTo(10);
    assertThat(properties.headers().firstValue("Accept-Ranges")).hasValue("bytes");
  }

  @Test
  void partsOfAFileCanBeAskedFor() {
    assertThat(range("bytes=2-4")).isEqualTo("234");
    assertThat(range("bytes=-3")).isEqualTo("789");
    assertThat(range("bytes=7-")).isEqualTo("789");
    assertThat(range("bytes=8-100")).isEqualTo("89");
    assertThat(client.download(job, "stdout", "Range", "bytes=4-2").statusCode()).isEqualTo(416);
  }

  private static String range(String range) {
    HttpResponse<byte[]> response = client.download(job, "stdout", "Range", range);
    assertThat(response.statusCode()).isEqualTo(206);
    return new String(response.body(), UTF_8);
  }

  @Test
  void aMissingFileIs404() {
    assertThat(client.download(job, "nosuch").statusCode()).isEqualTo(404);
    assertThat(client.get(client.fileUrl(job, "nosuch")).statusCode()).isEqualTo(404);
    assertThat(client.get("/storages/nosuch-uspace").statusCode()).isEqualTo(404);
  }

  @Test
  void bigFilesComeAndGoWhole() {
    byte[] big = new byte[5_000_000];
    new Random(1).nextBytes(big);
    String url = client.fileUrl(job, "new/dir/big");

    assertThat(
            client.send("PUT", url, big, "Content-Type", "application/octet-stream").statusCode())
        .isEqualTo(204);

    assertThat(client.download(job, "new/dir/big").body()).isEqualTo(big);
    assertThat(client.send("DELETE", url, null).statusCode()).isEqualTo(204);
    assertThat(client.get(url).statusCode()).isEqualTo(404);
  }

  @Test
  void filesCanBeRenamedAndDirectoriesMade() {
    String storage = "/storages/" + SiteClient.id(job) + "-uspace";
    client.send("PUT", client.fileUrl(job, "from"), "x".getBytes(UTF_8));
    assertThat(client.send("POST", client.fileUrl(job, "made"), new byte[0]).statusCode())
        .isEqualTo(201);

    client.post(storage + "/actions/rename", "{\"from\":\"from\",\"to\":\"made/to\"}");

    assertThat(client.text(job, "made/to")).isEqualTo("x");
    assertThat(client.download(job, "from").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../certificate.pem",
        "..%2f..%2fcertificate.pem",
        "%2e%2e/%2e%2e/certificate.pem",
        "d/../../../certificate.pem"
      })
  void noPathLeadsOut(String path) {
    assertThat(site.certificateFile()).exists();
    assertThat(client.download(job, path).statusCode()).isEqualTo(403);
    assertThat(client.send("PUT", client.fileUrl(job, path), new byte[1]).statusCode())
        .isEqualTo(403);
  }

  @Test
  void theHomeIsAStorageOfItsOwn() throws IOException {
    assertThat(client.json("/storages").at("/storages/0").asText())
        .isEqualTo(site.baseUrl() + "/storages/HOME");
    assertThat(client.json("/storages?filter=all").get("storages")).hasSizeGreaterThan(1);
    String home = client.json("/storages/HOME").get("mountPoint").asText();

    client.send("PUT", "/storages/HOME/files/hello.txt", "hello".getBytes(UTF_8));

    assertThat(Files.readString(Path.of(home, "hello.txt"))).isEqualTo("hello");
  }
}
