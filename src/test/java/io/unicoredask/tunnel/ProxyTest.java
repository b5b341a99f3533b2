package io.unicoredask.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unicoredask.FreePort;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A tunnel whose site is behind an HTTP proxy. */
class ProxyTest extends TunnelFixture {

  private static final String SHOWN = "Basic cHJveHk6Z2VoZWlt";

  @AfterEach
  void noSecretIsShown() {
    assertThat(log).noneMatch(line -> line.contains("c2VjcmV0") || line.contains("cHJveHk6"));
  }

  @ParameterizedTest
  @EnumSource
  void bytesGoThroughTheProxyAndItsCredentialsNoFurther(Transport transport) throws Exception {
    FarEnd site = farEnd(transport, FarEnd::echo);
    FarEnd proxy = farEnd(FarEnd::proxy);

    exchange(through(proxy, () -> SHOWN, transport, site.endpoint()));

    String place = site.endpoint().getAuthority();
    assertThat(proxy.requests().get(0))
        .startsWith("CONNECT " + place + " HTTP/1.1\r\n")
        .containsIgnoringCase("\r\nHost: " + place + "\r\n")
        .containsIgnoringCase("\r\nProxy-Authorization: " + SHOWN + "\r\n")
        .doesNotContain(SECRET);
    assertThat(site.requests().get(0))
        .contains("Authorization: " + SECRET)
        .doesNotContainIgnoringCase("proxy");
  }

  @Test
  void onlyTheProxyNeedsToKnowTheSitesHost() throws Exception {
    FarEnd site = farEnd(FarEnd::echo);
    FarEnd proxy = farEnd(FarEnd::proxy);

    exchange(through(proxy, null, Transport.PLAIN, site.endpoint("site.invalid")));

    assertThat(proxy.requests().get(0))
        .startsWith("CONNECT site.invalid:")
        .doesNotContainIgnoringCase("Proxy-Authorization");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "407 Proxy Authentication Required | does not take our credentials (407 Proxy"
            + " Authentication Required); give those that it takes as unicore-dask.proxy.username",
        "401 Unauthorized | does not take our credentials (401 Unauthorized)",
        "403 Filtered     | does not connect to site:1 (403 Filtered); have it allow CONNECT",
        "302 Found        | does not connect to site:1 (302 Found)",
        "201 Created      | does not connect to site:1 (201 Created)",
        "500 No such host | cannot connect to site:1 (500 No such host)",
        "502 Bad Gateway  | cannot connect to site:1 (502 Bad Gateway); is the site up",
        "504 Gateway Time | cannot connect to site:1 (504 Gateway Time)"
      })
  void aProxyThatRefusesIsNamedWithTheRemedy(String statusLine, String reason) throws Exception {
    FarEnd proxy = farEnd(FarEnd.refuse(statusLine));

    assertTurnedAway(through(proxy), "the proxy " + place(proxy) + " " + reason);
    await().until(() -> proxy.ended() == 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.1 403 No~Transfer-Encoding: chunked~~ | 10~<html> 123456789~ | (403 No)",
        "HTTP/1.1 403 No~~                      | <html>            | (403 No)",
        "HTTP/1.1 200 OK~                       | X-Header: more~   | is not HTTP",
        "<html>                                 | <p>no end of it   | is not HTTP",
        "SSH-2.0-OpenSSH_9.2~                   | SSH               | is not HTTP"
      })
  void nonsenseIsReadOnlyAsFarAsItTakesToKnow(String begin, String more, String reason)
      throws Exception {
    FarEnd proxy =
        farEnd(
            connection -> {
              connection.readRequest();
              connection.send(begin.replace("~", "\r\n"));
              try {
                while (true) {
                  connection.send(more.replace("~", "\r\n").repeat(100));
                }
              } catch (SocketException left) {
                // which is what ends this
              }
            });

    assertTurnedAway(through(proxy), reason);
    await().until(() -> proxy.ended() == 1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aProxyThatClosesIsSaid(boolean reset) throws Exception {
    FarEnd proxy =
        farEnd(
            connection -> {
              connection.readRequest();
              if (reset) {
                connection.reset();
              }
            });

    assertTurnedAway(through(proxy), "the proxy " + place(proxy));
  }

  @Test
  void aProxyThatIsSilentIsGivenUpInTime() throws Exception {
    FarEnd proxy = farEnd(FarEnd::silent);
    factory = hurried(Duration.ofMillis(300));

    assertTurnedAway(
        through(proxy),
        "still waiting for the proxy %1$s; is the site up, and site:1 reachable from the proxy %1$s?"
            .formatted(place(proxy)));
    await().until(() -> proxy.ended() == 1);
  }

  @Test
  void aProxyThatIsNotThereIsSaid() throws Exception {
    int port = FreePort.any();
    HttpProxy nobody = new HttpProxy("127.0.0.1", port, null);

    assertTurnedAway(
        through(() -> nobody, Transport.PLAIN, URI.create("http://site:1/x")),
        "cannot connect to the proxy 127.0.0.1:" + port);
  }

  @Test
  void credentialsThatCannotBeReadAreSaid() throws Exception {
    Supplier<String> missing =
        () -> {
          throw new IllegalStateException("the password file p cannot be read");
        };

    assertTurnedAway(
        through(farEnd(FarEnd::proxy), missing, Transport.PLAIN, URI.create("http://site:1/x")),
        "no way to the site's proxy: the password file p cannot be read");
  }

  private Tunnel through(FarEnd proxy) {
    return through(proxy, () -> SHOWN, Transport.PLAIN, URI.create("http://site:1/x"));
  }

  private Tunnel through(
      FarEnd proxy, Supplier<String> authorization, Transport transport, URI site) {
    HttpProxy there = new HttpProxy("127.0.0.1", proxy.endpoint().getPort(), authorization);
    return through(() -> there, transport, site);
  }

  private Tunnel through(Supplier<HttpProxy> proxy, Transport transport, URI site) {
    return factory.open(
        0,
        new Forwarding(
            "DEMO-SITE", site, "node07", 8786, () -> HEADERS, transport.client(), proxy));
  }

  private static String place(FarEnd proxy) {
    return "127.0.0.1:" + proxy.endpoint().getPort();
  }

  private void exchange(Tunnel tunnel) throws Exception {
    Socket client = client(tunnel);
    client.getOutputStream().write('!');
    assertThat(client.getInputStream().read()).isEqualTo('!');
  }

  private void assertTurnedAway(Tunnel tunnel, String reason) throws Exception {
    assertThat(isTurnedAway(client(tunnel))).isTrue();
    assertThat(tunnel.lastFailure()).hasValueSatisfying(text -> assertThat(text).contains(reason));
  }
}
