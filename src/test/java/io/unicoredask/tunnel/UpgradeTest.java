package io.unicoredask.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unicoredask.FreePort;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How a tunnel asks a site for a connection, and what happens if it does not get one. */
class UpgradeTest extends TunnelFixture {

  @AfterEach
  void noSecretIsShown() {
    assertThat(log).noneMatch(line -> line.contains("c2VjcmV0"));
  }

  @ParameterizedTest
  @EnumSource
  void theRequestIsWhatTheGatewayTakes(Transport transport) throws Exception {
    FarEnd farEnd = farEnd(transport, FarEnd::echo);

    exchange(tunnelTo(transport, farEnd));

    String[] lines = farEnd.requests().get(0).split("\r\n");
    assertThat(lines[0])
        .isEqualTo("GET /SITE/rest/core/jobs/j1/forward-port?port=8786&host=node07 HTTP/1.1");
    assertThat(lines)
        .contains("Authorization: " + SECRET)
        .satisfiesOnlyOnce(line -> assertThat(line).isEqualToIgnoringCase("Connection: Upgrade"))
        .satisfiesOnlyOnce(
            line -> assertThat(line).isEqualToIgnoringCase("Upgrade: UNICORE-Socket-Forwarding"))
        .satisfiesOnlyOnce(line -> assertThat(line).isEqualToIgnoringCase("Accept: */*"))
        .satisfiesOnlyOnce(
            line ->
                assertThat(line).isEqualToIgnoringCase("Host: " + farEnd.endpoint().getAuthority()))
        .hasSize(6);
  }

  @ParameterizedTest
  @CsvSource({"::1, %3A%3A1", "fe80::1%ib0, fe80%3A%3A1%25ib0", "a&b=c, a%26b%3Dc"})
  void theHostIsEncoded(String host, String encoded) throws Exception {
    FarEnd farEnd = farEnd(FarEnd::echo);
    Tunnel tunnel =
        factory.open(
            0, new Forwarding("DEMO-SITE", farEnd.endpoint(), host, 1, () -> HEADERS, null));

    exchange(tunnel);

    assertThat(farEnd.requests().get(0)).contains("?port=1&host=" + encoded + " HTTP/1.1");
  }

  @Test
  void theAuthenticationIsAskedForEveryConnectionOnAThreadThatMayBlock() throws Exception {
    FarEnd farEnd = farEnd(FarEnd::echo);
    CountDownLatch release = new CountDownLatch(1);
    AtomicReference<String> asked = new AtomicReference<>("");
    Supplier<Map<String, String>> slow =
        () -> {
          asked.updateAndGet(threads -> threads + Thread.currentThread().getName() + " ");
          awaitUninterrupted(release);
          return HEADERS;
        };
    Tunnel blocked = factory.open(0, new Forwarding("SLOW", farEnd.endpoint(), "n", 1, slow, null));
    int clients = 2 * Runtime.getRuntime().availableProcessors() + 1; // more than event loops
    for (int i = 0; i < clients; i++) {
      client(blocked);
    }
    await().until(() -> asked.get().split(" ").length == clients);

    exchange(tunnelTo(farEnd));

    assertThat(asked.get().split(" "))
        .allMatch(thread -> thread.startsWith("unicore-tunnel-authentication"));
    release.countDown();
    await().until(() -> farEnd.requests().size() == clients + 1);
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "403 Forbidden           | answered 403 Forbidden; the credential",
        "404 Not Found           | answered 404 Not Found; the site knows no such job",
        "432 432                 | answered 432 432; the security session",
        "500 Server Error        | answered 500 Server Error; the job is not running",
        "503 Service Unavailable | answered 503 Service Unavailable; the site is down",
        "200 OK                  | answered 200 OK; is the URL the job's forward-port"
      })
  void aRefusedUpgradeClosesTheClient(String statusLine, String reason) throws Exception {
    FarEnd farEnd = farEnd(FarEnd.refuse(statusLine));
    Tunnel tunnel = tunnelTo(farEnd);

    assertTurnedAway(tunnel, reason);

    await().until(() -> farEnd.ended() == 1 && tunnel.connections() == 0);
    assertThat(log)
        .singleElement()
        .isEqualTo("WARN " + tunnel.lastFailure().orElseThrow())
        .asString()
        .startsWith(
            "WARN DEMO-SITE, 127.0.0.1:%d => node07:8786: the upgrade was "
                .formatted(tunnel.localAddress().getPort()));
  }

  @Test
  void whatASiteSaysOfARefusalIsTold() throws Exception {
    String body = "{\n \"errorMessage\": \"Job BSSID is null\",\n \"status\": 500\n}";
    FarEnd farEnd =
        farEnd(
            FarEnd.refuse(
                "500 Server Error",
                "Content-Type: application/json",
                "Content-Length: " + body.length(),
                "",
                body));

    assertTurnedAway(
        tunnelTo(farEnd),
        "500 Server Error ({ \"errorMessage\": \"Job BSSID is null\", \"status\"");
  }

  @Test
  void anEndlessRefusalIsCutShort() throws Exception {
    FarEnd farEnd =
        farEnd(
            FarEnd.refuse(
                "500 Server Error",
                "Content-Type: application/json",
                "Content-Length: 1000000",
                "",
                "x".repeat(2000)));
    Tunnel tunnel = tunnelTo(farEnd);

    assertTurnedAway(tunnel, "500 Server Error (xxx");
    assertThat(tunnel.lastFailure().orElseThrow()).hasSizeLessThan(700);
  }

  @Test
  void anAnswerOnTheWayToThe101IsPassedOver() throws Exception {
    FarEnd farEnd =
        farEnd(
            connection -> {
              connection.readRequest();
              connection.send("HTTP/1.1 103 Early Hints\r\n\r\n" + FarEnd.SWITCHING + "x");
              connection.awaitEnd();
            });

    assertThat(client(tunnelTo(farEnd)).getInputStream().read()).isEqualTo('x');
  }

  @Test
  void aSiteThatSpeaksNoHttpTurnsTheClientAway() throws Exception {
    FarEnd farEnd =
        farEnd(
            connection -> {
              connection.readRequest();
              connection.send("SSH-2.0-OpenSSH_9.6\r\n\r\n");
              connection.awaitEnd();
            });

    assertTurnedAway(tunnelTo(farEnd), "the answer to the upgrade is not HTTP");
  }

  @Test
  void aSiteThatClosesInsteadOfAnsweringTurnsTheClientAway() throws Exception {
    FarEnd farEnd = farEnd(FarEnd.Connection::readRequest);

    assertTurnedAway(tunnelTo(farEnd), "the site closed the connection instead of answering");
  }

  @Test
  void aSiteThatIsDownTurnsTheClientAway() throws Exception {
    URI endpoint = URI.create("http://127.0.0.1:%d/forward-port".formatted(FreePort.any()));

    assertTurnedAway(
        factory.open(0, forwarding(endpoint, null)),
        "cannot connect to the site: Connection refused");
  }

  @Test
  void aSilentSiteTurnsTheClientAwayAfterTheHandshakeTimeout() throws Exception {
    FarEnd farEnd = farEnd(FarEnd::silent);
    Tunnel tunnel = hurried(Duration.ofMillis(300)).open(0, forwarding(farEnd.endpoint(), null));

    assertTurnedAway(
        tunnel, "no connection within PT0.3S, still waiting for the answer to the upgrade");
    await().until(() -> farEnd.ended() == 1);
  }

  @Test
  void aSiteThatIsSilentInTheTlsHandshakeTurnsTheClientAwayToo() throws Exception {
    FarEnd farEnd = farEnd(FarEnd.Connection::awaitEnd);
    URI https = URI.create(farEnd.endpoint().toString().replace("http:", "https:"));
    Tunnel tunnel = hurried(Duration.ofMillis(300)).open(0, forwarding(https, null));

    assertTurnedAway(tunnel, "no connection within PT0.3S, still doing the TLS hand-shake");
    await().until(() -> farEnd.ended() == 1);
  }

  @Test
  void anAuthenticationThatHangsIsInterruptedAfterTheHandshakeTimeout() throws Exception {
    FarEnd farEnd = farEnd(FarEnd::echo);
    CountDownLatch interrupted = new CountDownLatch(1);
    Supplier<Map<String, String>> hanging =
        () -> {
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
          }
          return HEADERS;
        };
    Tunnel tunnel =
        hurried(Duration.ofMillis(300))
            .open(0, new Forwarding("DEMO-SITE", farEnd.endpoint(), "n", 1, hanging, null));

    assertTurnedAway(tunnel, "no connection within PT0.3S, still authenticating");
    interrupted.await();
    assertThat(farEnd.accepted()).isZero();
  }

  @Test
  void anAuthenticationThatFailsTurnsTheClientAway() throws Exception {
    Supplier<Map<String, String>> failing =
        () -> {
          throw new IllegalStateException("no file token.txt");
        };
    FarEnd farEnd = farEnd(FarEnd::echo);

    assertTurnedAway(
        factory.open(0, new Forwarding("DEMO-SITE", farEnd.endpoint(), "n", 1, failing, null)),
        "no authentication for the upgrade: no file token.txt; check");
  }

  @Test
  void aHeaderThatHttpDoesNotAllowIsNotQuoted() throws Exception {
    FarEnd farEnd = farEnd(FarEnd::echo);
    Supplier<Map<String, String>> broken = () -> Map.of("Authorization", SECRET + "\nX: y");
    Tunnel tunnel =
        factory.open(0, new Forwarding("DEMO-SITE", farEnd.endpoint(), "n", 1, broken, null));

    assertTurnedAway(tunnel, "the value supplied for the header Authorization is not one");
    assertThat(tunnel.lastFailure().orElseThrow()).doesNotContain("c2VjcmV0");
  }

  @Test
  void aCertificateThatIsNotTrustedIsRefused() throws Exception {
    FarEnd farEnd = farEndThatIsLeft(TestCertificate.LOOPBACK);

    assertTurnedAway(
        factory.open(0, forwarding(farEnd.endpoint(), TestCertificate.ELSEWHERE.trusting("TLS"))),
        "no TLS with the site: ");
    assertThat(farEnd.requests()).isEmpty();
  }

  @Test
  void withoutAContextTheJdkDecidesWhomToTrust() throws Exception {
    FarEnd farEnd = farEndThatIsLeft(TestCertificate.LOOPBACK);

    assertTurnedAway(factory.open(0, forwarding(farEnd.endpoint(), null)), "PKIX path");
    assertThat(farEnd.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1", "localhost"})
  void aTrustedCertificateForAnotherHostIsRefused(String host) throws Exception {
    FarEnd farEnd = farEndThatIsLeft(TestCertificate.ELSEWHERE);
    SSLContext trusting = TestCertificate.ELSEWHERE.trusting("TLS");

    assertTurnedAway(
        factory.open(0, forwarding(farEnd.endpoint(host), trusting)), "No subject alternative");
    assertThat(farEnd.requests()).isEmpty();
  }

  @Test
  void aCertificateForTheHostsNameIsTaken() throws Exception {
    FarEnd farEnd = farEnd(Transport.TLS_1_3, FarEnd::echo);

    exchange(factory.open(0, forwarding(farEnd.endpoint("localhost"), Transport.TLS_1_3.client())));
  }

  /** A far end that expects the tunnel to leave within the TLS hand-shake. */
  private FarEnd farEndThatIsLeft(TestCertificate certificate) throws Exception {
    return closing(new FarEnd(certificate.server("TLS"), FarEnd.Connection::awaitEnd));
  }

  @ParameterizedTest
  @EnumSource
  void aServiceThatIsNotThereEndsTheClientAndIsReported(Transport transport) throws Exception {
    Tunnel tunnel = tunnelTo(transport, farEnd(transport, FarEnd::dropAfter101));
    Socket client = client(tunnel);

    assertThat(client.getInputStream().read()).isNegative();

    await().until(() -> tunnel.lastFailure().isPresent());
    assertThat(tunnel.lastFailure().orElseThrow())
        .contains("nothing came after the 101; nobody listens at node07:8786, or the job is over");
    client.close();
    await().until(() -> tunnel.connections() == 0);
  }

  @Test
  void aServiceThatIsNotThereEndsAClientThatSpeaksFirstWithoutAReset() throws Exception {
    Tunnel tunnel =
        tunnelTo(
            farEnd(
                connection -> {
                  connection.upgrade();
                  connection.in.readNBytes(4);
                }));
    Socket client = client(tunnel);

    client.getOutputStream().write("helo".getBytes());

    assertThat(client.getInputStream().read()).isNegative();
  }

  @Test
  void aClientThatOnlyLooksWhetherThePortIsOpenIsNoFailure() throws Exception {
    FarEnd farEnd = farEnd(FarEnd::echo);
    Tunnel tunnel = tunnelTo(farEnd);
    try (Socket client = client(tunnel)) {
      await().until(() -> farEnd.requests().size() == 1);
      client.shutdownOutput();
      assertThat(client.getInputStream().read()).isNegative();
    } catch (java.net.SocketException e) {
      // the end came before the upgrade was done
    }

    await().until(() -> tunnel.connections() == 0);
    assertThat(tunnel.lastFailure()).isEmpty();
    assertThat(log).isEmpty();
  }

  @Test
  void aLaterClientThatIsServedEndsTheFailure() throws Exception {
    FarEnd farEnd =
        farEnd(
            new FarEnd.Mode() {
              private boolean refused;

              @Override
              public synchronized void serve(FarEnd.Connection connection) throws Exception {
                if (refused) {
                  FarEnd.echo(connection);
                } else {
                  refused = true;
                  FarEnd.refuse("404 Not Found").serve(connection);
                }
              }
            });
    Tunnel tunnel = tunnelTo(farEnd);
    assertTurnedAway(tunnel, "404");

    exchange(tunnel);

    assertThat(tunnel.lastFailure()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aClientThatLeavesDuringTheHandshakeEndsTheConnectionToTheSite(Transport transport)
      throws Exception {
    FarEnd farEnd = farEnd(transport, FarEnd::silent);
    Tunnel tunnel = tunnelTo(transport, farEnd);
    Socket client = client(tunnel);
    await().until(() -> farEnd.requests().size() == 1);

    client.close();

    await().until(() -> farEnd.ended() == 1 && tunnel.connections() == 0);
    assertThat(tunnel.lastFailure()).isEqualTo(Optional.empty());
  }

  @Test
  void aClientThatSpeaksAndIsResetDuringTheHandshakeEndsTheConnectionToo() throws Exception {
    FarEnd farEnd = farEnd(FarEnd::silent);
    Tunnel tunnel = tunnelTo(farEnd);
    Socket client = client(tunnel);
    client.getOutputStream().write(1);
    await().until(() -> farEnd.requests().size() == 1);

    client.setSoLinger(true, 0);
    client.close();

    await().until(() -> farEnd.ended() == 1 && tunnel.connections() == 0);
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
