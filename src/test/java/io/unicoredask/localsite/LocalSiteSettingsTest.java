package io.unicoredask.localsite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unicoredask.localsite.LocalSiteSettings.Queue;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalSiteSettingsTest {
  @Test
  void onlyLoopbackAddressesAreListenedOn() {
    assertThatThrownBy(
            () ->
                LocalSiteSettings.builder()
                    .bindAddress(InetAddress.getByAddress(new byte[] {0, 0, 0, 0}))
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("LOCAL-SITE", "0.0.0.0", "loopback");
  }

  @Test
  void passwordsAreNotPrinted() {
    assertThat(LocalSiteSettings.builder().user("alice", "secret").build().toString())
        .contains("alice")
        .doesNotContain("secret");
  }

  @Test
  void aGivenPasswordIsTaken() throws IOException {
    LocalSiteSettings settings = LocalSiteSettings.builder().user("alice", "secret").build();
    try (LocalSite site = LocalSite.start(settings)) {
      assertThat(Files.readString(site.passwordFile())).isEqualTo("secret");
      assertThat(SiteClient.of(site).get("").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() throws IOException {
    try (LocalSite first = LocalSite.start(LocalSiteSettings.builder().build())) {
      int port = first.baseUrl().getPort();

      assertThatThrownBy(() -> LocalSite.start(LocalSiteSettings.builder().port(port).build()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(String.valueOf(port));
    }
  }

  @Test
  void aGivenDirectoryIsKept(@TempDir Path directory) throws IOException {
    LocalSite site =
        LocalSite.start(
            LocalSiteSettings.builder()
                .directory(directory)
                .stateLag(Duration.ofMillis(20))
                .build());
    SiteClient client = SiteClient.of(site);
    String job = client.submit("{'Executable':'date'}");
    client.awaitEnd(job);

    site.close();

    assertThat(directory.resolve("UNICORE_Jobs").resolve(SiteClient.id(job)).resolve("stdout"))
        .exists();
  }

  @Test
  void thePlainSiteSpeaksHttp() throws IOException {
    try (LocalSite site = LocalSite.start(LocalSiteSettings.builder().tls(false).build())) {
      assertThat(site.baseUrl()).hasScheme("http");
      assertThat(SiteClient.of(site).json("/jobs").at("/_links/self/href").asText())
          .startsWith("http://");
    }
  }

  @Test
  void optionsBecomeSettings() throws IOException {
    LocalSiteSettings settings =
        LocalSiteMain.settings(
            "--port",
            "1234",
            "--queue",
            "batch=4",
            "--queue",
            "debug=1",
            "--state-lag",
            "PT2S",
            "--user",
            "bob",
            "--application",
            "say=echo a=b",
            "--plain");

    assertThat(settings.port()).isEqualTo(1234);
    assertThat(settings.queues())
        .containsExactly(
            java.util.Map.entry("batch", new Queue(4)), java.util.Map.entry("debug", new Queue(1)));
    assertThat(settings.stateLag()).isEqualTo(Duration.ofSeconds(2));
    assertThat(settings.users()).containsOnlyKeys("bob");
    assertThat(settings.applications().get("say").executable()).isEqualTo("echo a=b");
    assertThat(settings.tls()).isFalse();
  }

  @Test
  void unknownOptionsAreRefused() {
    assertThatThrownBy(() -> LocalSiteMain.settings("--nosuch", "1"))
        .hasMessageContaining("--nosuch");
  }

  @Test
  void theGatewayHasFaultsOnlyIfAsked() throws IOException {
    assertThat(LocalSiteMain.settings().gateway()).isEqualTo(GatewayFaults.NONE);
    assertThat(LocalSiteMain.settings("--gateway-faults", "--plain").gateway())
        .isEqualTo(GatewayFaults.ALL);
    assertThat(LocalSiteMain.settings("--connecting", "PT1S").gateway())
        .isEqualTo(new GatewayFaults(Duration.ofSeconds(1), 0, false, false, 0));
  }
}
