package io.unicoredask.unicore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.unicoredask.tunnel.FarEnd;
import io.unicoredask.tunnel.Transport;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests to a site that is behind an HTTP proxy. */
class SiteProxiesTest {

  private static final Credential CREDENTIAL = UsernamePassword.of("me", "secret");
  private static final String SHOWN = "Proxy-Authorization: " + CREDENTIAL.authorization();

  private final Map<String, String> before = new HashMap<>();

  @BeforeEach
  void noHostIsExempt() {
    set("http.nonProxyHosts", "");
  }

  @AfterEach
  void putBack() {
    before.forEach(
        (name, value) -> {
          if (value == null) {
            System.clearProperty(name);
          } else {
            System.setProperty(name, value);
          }
        });
  }

  private void set(String name, String value) {
    before.putIfAbsent(name, System.getProperty(name));
    System.setProperty(name, value);
  }

  private void use(String host, int port) {
    set("https.proxyHost", host);
    set("https.proxyPort", String.valueOf(port));
  }

  @Test
  void theProxyIsTheOneOfJavasSettings() {
    use("proxy.example", 3128);
    set("http.nonProxyHosts", "*.intra|127.*");
    SiteProxies proxies = SiteProxies.ofJava(CREDENTIAL);

    assertThat(proxies.to(URI.create("https://site.example:8080/x")))
        .contains(new SiteProxy("proxy.example", 3128, CREDENTIAL));
    assertThat(proxies.to(URI.create("https://site.intra/x"))).isEmpty();
    assertThat(proxies.to(URI.create("http://site.example/x"))).isEmpty();
    assertThat(proxies.to(URI.create("https://site.example:8080/x")).orElseThrow())
        .hasToString("proxy.example:3128");
  }

  @Test
  void javaIsToldThatItMayShowAPasswordUnlessItWasToldOtherwise() {
    String property = "jdk.http.auth.tunneling.disabledSchemes";
    set(property, "Basic");
    SiteProxies.ofJava(CREDENTIAL);
    assertThat(System.getProperty(property)).isEqualTo("Basic");

    System.clearProperty(property);
    SiteProxies.ofJava(null);
    assertThat(System.getProperty(property)).isNull();
    SiteProxies.ofJava(CREDENTIAL);
    assertThat(System.getProperty(property)).isEmpty();
  }

  @Test
  void credentialsAreShownToTheProxyAndNotToTheSite() throws Exception {
    try (FarEnd site =
            new FarEnd(Transport.TLS_1_3.server(), FarEnd.refuse("403 The site says no"));
        FarEnd proxy = new FarEnd(null, FarEnd::proxy)) {
      use("127.0.0.1", proxy.endpoint().getPort());

      UnicoreException refused = failure(site, CREDENTIAL);

      assertThat(refused.status()).isEqualTo(403);
      assertThat(proxy.requests().get(0))
          .startsWith("CONNECT " + site.endpoint().getAuthority())
          .contains("\r\n" + SHOWN + "\r\n");
      assertThat(site.requests().get(0)).doesNotContainIgnoringCase("proxy");
      assertThat(refused.toString()).doesNotContain(CREDENTIAL.authorization());
    }
  }

  /** Tinyproxy says 401. */
  @ParameterizedTest
  @ValueSource(strings = {"407 Proxy Authentication Required", "401 Unauthorized"})
  void credentialsThatAreRefusedAreSaidWithProxyAndRemedy(String refusal) throws Exception {
    try (FarEnd site = new FarEnd(Transport.TLS_1_3.server(), FarEnd::silent);
        FarEnd proxy = new FarEnd(null, FarEnd.refuse(refusal))) {
      use("127.0.0.1", proxy.endpoint().getPort());

      UnicoreException refused = failure(site, CREDENTIAL);

      assertThat(refused.isRetryable()).isFalse();
      assertThat(refused)
          .hasMessageContaining(
              "the proxy 127.0.0.1:%d does not take our credentials", proxy.endpoint().getPort())
          .hasMessageContaining("unicore-dask.proxy.password-file")
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void aProxyThatRefusesToConnectIsNamed() throws Exception {
    try (FarEnd site = new FarEnd(Transport.TLS_1_3.server(), FarEnd::silent);
        FarEnd proxy = new FarEnd(null, FarEnd.refuse("403 Filtered"))) {
      use("127.0.0.1", proxy.endpoint().getPort());

      UnicoreException refused = failure(site, null);

      assertThat(refused.isRetryable()).isTrue();
      assertThat(refused)
          .hasMessageContaining("403")
          .hasMessageContaining(
              "the proxy 127.0.0.1:%d leads there: check that it is up, and that it allows CONNECT",
              proxy.endpoint().getPort());
      assertThat(proxy.requests().get(0)).doesNotContainIgnoringCase("Proxy-Authorization");
    }
  }

  @Test
  void aPasswordFileThatIsMissingIsSaid() throws Exception {
    try (FarEnd site = new FarEnd(Transport.TLS_1_3.server(), FarEnd::silent)) {
      use("127.0.0.1", 1);
      Credential missing = UsernamePassword.fromFile("me", Path.of("no-such-file"));

      assertThat(failure(site, missing)).hasMessageContaining("no-such-file cannot be read");
    }
  }

  private static UnicoreException failure(FarEnd site, Credential toTheProxy) {
    URI endpoint = site.endpoint();
    UnicoreSite client =
        UnicoreSites.connect(
            new SiteSettings(
                "demo",
                endpoint.resolve("/SITE/rest/core"),
                UsernamePassword.of("alice", "hers"),
                Transport.TLS_1_3.client(),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                null,
                SiteProxies.ofJava(toTheProxy),
                null));
    return catchThrowableOfType(UnicoreException.class, client::info);
  }
}
