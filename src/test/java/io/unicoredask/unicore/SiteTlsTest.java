package io.unicoredask.unicore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import io.unicoredask.Patience;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose certificates are believed. */
class SiteTlsTest {

  private static final String PASSWORD = "changeit";

  private static WireMockServer server;
  private static SSLContext trusting;

  @BeforeAll
  static void aServerWithACertificateForLocalhost(@TempDir Path directory) throws Exception {
    Path keys = directory.resolve("site.p12");
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "site",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=Test site",
                    "-ext",
                    "san=dns:localhost",
                    "-validity",
                    "2",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    keys.toString(),
                    "-storepass",
                    PASSWORD))
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream file = Files.newInputStream(keys)) {
      store.load(file, PASSWORD.toCharArray());
    }
    KeyStore trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry("site", store.getCertificate("site"));
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trust);
    trusting = SSLContext.getInstance("TLS");
    trusting.init(null, factory.getTrustManagers(), null);
    server =
        new WireMockServer(
            WireMockConfiguration.wireMockConfig()
                .dynamicPort()
                .dynamicHttpsPort()
                .keystorePath(keys.toString())
                .keystoreType("PKCS12")
                .keystorePassword(PASSWORD)
                .keyManagerPassword(PASSWORD));
    server.start();
    server.stubFor(
        WireMock.any(WireMock.anyUrl()).willReturn(WireMock.okJson(RecordedSite.body("01-base"))));
  }

  @AfterAll
  static void stop() {
    server.stop();
  }

  @Test
  void aCertificateThatTheSettingsTrustIsAccepted() {
    assertThat(client("https://localhost:" + server.httpsPort(), trusting).info().uid())
        .isEqualTo("demouser");
  }

  @Test
  void aCertificateThatNobodyTrustsIsRefused() {
    assertIsRefused(client("https://localhost:" + server.httpsPort(), null));
  }

  @Test
  void aCertificateForAnotherHostIsRefused() {
    assertIsRefused(client("https://127.0.0.1:" + server.httpsPort(), trusting));
  }

  @Test
  void aServerThatSpeaksNoTlsIsRefused() {
    assertIsRefused(client("https://localhost:" + server.port(), trusting));
  }

  @Test
  void aServerThatHangsUpInTheHandshakeMayComeBack() throws Exception {
    CompletableFuture<Void> hangUp;
    try (ServerSocket socket = new ServerSocket(0)) {
      hangUp = CompletableFuture.runAsync(() -> hangUpOnEverybody(socket));
      UnicoreException failure =
          failureOf(client("https://localhost:" + socket.getLocalPort(), trusting));
      assertThat(failure.isRetryable()).as(failure.getMessage()).isTrue();
      assertThat(failure).hasMessageNotContaining("timed out");
    }
    hangUp.join();
  }

  private static void hangUpOnEverybody(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        socket.accept().close();
      } catch (IOException e) {
        assertThat(socket.isClosed()).isTrue();
      }
    }
  }

  private static void assertIsRefused(UnicoreSite client) {
    UnicoreException failure = failureOf(client);
    assertThat(failure.isRetryable()).as(failure.getMessage()).isFalse();
    assertThat(failure.status()).isZero();
    assertThat(failure).hasMessageContaining("SSL bundle");
  }

  private static UnicoreException failureOf(UnicoreSite client) {
    UnicoreException failure = catchThrowableOfType(UnicoreException.class, client::info);
    assertThat(failure).as("the call succeeded").isNotNull();
    return failure;
  }

  private static UnicoreSite client(String gateway, SSLContext ssl) {
    return UnicoreSites.connect(
        new SiteSettings(
            "demo",
            URI.create(gateway + "/DEMO-SITE/rest/core"),
            UsernamePassword.of("demouser", "x"),
            ssl,
            Patience.LIMIT,
            Patience.LIMIT,
            null));
  }
}
