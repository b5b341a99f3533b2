package io.unicoredask.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.unicoredask.FreePort;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How tunnels are opened and closed. */
class TunnelFactoryTest extends TunnelFixture {

  private static final URI NOWHERE = URI.create("http://127.0.0.1:1/forward-port");

  @Test
  void aTunnelListensOnLoopbackAndOnAnyFreePort() {
    Tunnel tunnel = factory.open(0, forwarding(NOWHERE, null));

    assertThat(tunnel.localAddress().getAddress().isLoopbackAddress()).isTrue();
    assertThat(tunnel.localAddress().getPort()).isPositive();
    assertThat(tunnel.isOpen()).isTrue();
    assertThat(tunnel.connections()).isZero();
    assertThat(tunnel.lastFailure()).isEmpty();
  }

  @Test
  void aPortInUseByAnotherTunnelNamesIt() {
    int port = factory.open(0, forwarding(NOWHERE, null)).localAddress().getPort();
    Forwarding other = new Forwarding("OTHER", NOWHERE, "::1", 5, () -> HEADERS, null);

    assertThatThrownBy(() -> factory.open(port, other))
        .isInstanceOfSatisfying(PortInUseException.class, e -> assertThat(e.port()).isEqualTo(port))
        .hasMessage(
            "local port %d is in use by the tunnel to DEMO-SITE, %s => node07:8786"
                .formatted(port, NOWHERE));
  }

  @Test
  void aPortInUseBySomethingElseIsTold() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      int port = other.getLocalPort();

      assertThatThrownBy(() -> factory.open(port, forwarding(NOWHERE, null)))
          .isInstanceOf(PortInUseException.class)
          .hasMessage("local port %d is in use by another process".formatted(port));
    }
  }

  @Test
  void anAddressThatIsNotThisMachinesCannotBeListenedOn() {
    String address = "192.0.2.1";
    TunnelFactory elsewhere =
        closing(
            new TunnelFactory(
                new TunnelSettings(
                    new LocalHost(address, null),
                    LocalPorts.unprivileged(),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    1,
                    Duration.ofSeconds(1))));

    assertThatThrownBy(() -> elsewhere.open(0, forwarding(NOWHERE, null)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(address)
        .hasMessageContaining("use an address of this machine");
  }

  @ParameterizedTest
  @EnumSource
  void closingATunnelClosesEveryConnectionThroughIt(Transport transport) throws Exception {
    FarEnd farEnd = farEnd(transport, FarEnd::silentService);
    Tunnel tunnel = tunnelTo(transport, farEnd);
    List<Socket> clients = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Socket client = client(tunnel);
      assertThat(client.getInputStream().read()).isEqualTo('x');
      clients.add(client);
    }

    tunnel.close();

    assertThat(tunnel.isOpen()).isFalse();
    assertThat(tunnel.connections()).isZero();
    assertThat(clients).allMatch(TunnelFixture::isTurnedAway);
    await().until(() -> farEnd.ended() == 10);
    assertThat(log).isEmpty();
    tunnel.close();
  }

  @ParameterizedTest
  @EnumSource
  void whatGoesThroughIsCountedForItsSite(Transport transport) throws Exception {
    Tunnel tunnel = tunnelTo(transport, farEnd(transport, FarEnd::echo));
    Socket client = client(tunnel);
    client.getOutputStream().write(new byte[1000]);
    assertThat(client.getInputStream().readNBytes(1000)).hasSize(1000);

    assertThat(factory.traffic("DEMO-SITE")).isEqualTo(new Traffic(1, 1, 1000, 1000));
    assertThat(factory.traffic("OTHER")).isEqualTo(new Traffic(0, 0, 0, 0));
    client.shutdownOutput();
    assertThat(client.getInputStream().read()).isNegative();
    tunnel.close();
    await()
        .untilAsserted(
            () ->
                assertThat(factory.traffic("DEMO-SITE")).isEqualTo(new Traffic(0, 0, 1000, 1000)));
  }

  @ParameterizedTest
  @EnumSource
  void closingATunnelDuringAHandshakeLeavesNothingOpen(Transport transport) throws Exception {
    FarEnd farEnd = farEnd(transport, FarEnd::silent);
    Tunnel tunnel = tunnelTo(transport, farEnd);
    Socket client = client(tunnel);
    await().until(() -> farEnd.requests().size() == 1);

    tunnel.close();

    assertThat(tunnel.connections()).isZero();
    assertThat(isTurnedAway(client)).isTrue();
    await().until(() -> farEnd.ended() == 1);
    assertThat(log).isEmpty();
  }

  @Test
  void closingATunnelAtAnyTimeLeavesNothingOpen() throws Exception {
    FarEnd farEnd =
        farEnd(
            connection -> {
              try {
                FarEnd.silentService(connection);
              } catch (EOFException e) {
                // the tunnel was closed before it asked
              }
            });
    for (int round = 0; round < 50; round++) {
      Tunnel tunnel = tunnelTo(farEnd);
      List<Socket> clients = new ArrayList<>();
      for (int i = 0; i <= round % 5; i++) {
        clients.add(client(tunnel));
      }
      tunnel.close();
      // one that was just being accepted is closed a moment later
      await().until(() -> tunnel.connections() == 0);
      for (Socket client : clients) {
        // One whose upgrade was done has got a byte.
        assertThat(isTurnedAway(client) || isTurnedAway(client)).isTrue();
      }
    }
    await().until(() -> farEnd.ended() == farEnd.accepted());
  }

  @Test
  void aPortCanBeOpenedAgainAtOnce() throws Exception {
    FarEnd farEnd = farEnd(FarEnd::silentService);
    Forwarding target = forwarding(farEnd.endpoint(), null);
    int port = FreePort.any();
    Tunnel tunnel = factory.open(port, target);

    for (int round = 0; round < 100; round++) {
      assertThat(client(tunnel).getInputStream().read()).isEqualTo('x');
      tunnel.close();
      tunnel = factory.open(port, target);
    }

    assertThat(tunnel.localAddress().getPort()).isEqualTo(port);
  }

  @Test
  void twoTunnelsDoNotDisturbEachOther() throws Exception {
    Tunnel one = tunnelTo(farEnd(FarEnd::silentService));
    Tunnel other = tunnelTo(farEnd(FarEnd::silentService));
    Socket client = client(other);
    assertThat(client.getInputStream().read()).isEqualTo('x');

    one.close();

    assertThat(other.connections()).isEqualTo(1);
    assertThat(client(other).getInputStream().read()).isEqualTo('x');
    assertThat(other.connections()).isEqualTo(2);
  }

  @Test
  void clientsBeyondTheLimitAreTurnedAway() throws Exception {
    FarEnd farEnd = farEnd(FarEnd::silentService);
    TunnelFactory small =
        closing(
            new TunnelFactory(
                new TunnelSettings(
                    LocalHost.loopback(), LocalPorts.unprivileged(), LONG, LONG, 2, LONG)));
    Tunnel tunnel = small.open(0, forwarding(farEnd.endpoint(), null));
    assertThat(client(tunnel).getInputStream().read()).isEqualTo('x');
    Socket second = client(tunnel);
    assertThat(second.getInputStream().read()).isEqualTo('x');

    assertThat(isTurnedAway(client(tunnel))).isTrue();

    assertThat(tunnel.lastFailure().orElseThrow()).contains("2 clients are connected already");
    second.close();
    await().until(() -> tunnel.connections() == 1);
    assertThat(client(tunnel).getInputStream().read()).isEqualTo('x');
  }

  @Test
  void closingTheFactoryClosesItsTunnelsAndEndsItsThreads() throws Exception {
    FarEnd farEnd = farEnd(FarEnd::silentService);
    Set<Thread> others = Set.copyOf(Thread.getAllStackTraces().keySet());
    TunnelFactory own = new TunnelFactory(TunnelSettings.defaults());
    Tunnel tunnel = own.open(0, forwarding(farEnd.endpoint(), null));
    Socket client = client(tunnel);
    assertThat(client.getInputStream().read()).isEqualTo('x');
    List<Thread> threads =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("unicore-tunnel"))
            .filter(thread -> !others.contains(thread))
            .toList();
    assertThat(threads).isNotEmpty().allMatch(Thread::isDaemon);

    own.close();

    assertThat(tunnel.isOpen()).isFalse();
    assertThat(isTurnedAway(client)).isTrue();
    await().until(() -> threads.stream().noneMatch(Thread::isAlive));
    assertThatThrownBy(() -> own.open(0, forwarding(NOWHERE, null)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the tunnel factory is closed");
    own.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "forward-port",
        "ftp://site/forward-port",
        "http://user:word@site/forward-port",
        "http://site/forward-port?port=1",
        "http:///forward-port"
      })
  void anEndpointMustBeAPlainUrl(String endpoint) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> forwarding(URI.create(endpoint), null))
        .withMessageStartingWith("DEMO-SITE: the forward-port URL must ")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("word@"));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 65536})
  void aServicesPortMustBeOne(int port) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Forwarding("S", NOWHERE, "h", port, () -> HEADERS, null))
        .withMessage("S: %d is not a port (1 to 65535)".formatted(port));
  }

  @Test
  void anIpv6EndpointIsConnectedToWithoutItsBrackets() {
    Forwarding target =
        new Forwarding("S", URI.create("https://[::1]/x"), "fe80::1", 2, () -> HEADERS, null);

    assertThat(target.endpointHost()).isEqualTo("::1");
    assertThat(target.endpointPort()).isEqualTo(443);
    assertThat(target).hasToString("S, https://[::1]/x => [fe80::1]:2");
  }

  private static TunnelSettings settings(
      LocalHost host, Duration connect, Duration handshake, int connections) {
    return new TunnelSettings(
        host, LocalPorts.unprivileged(), connect, handshake, connections, LONG);
  }

  private TunnelFactory on(LocalPorts ports, Duration idle) {
    return closing(
        new TunnelFactory(new TunnelSettings(LocalHost.loopback(), ports, LONG, LONG, 9, idle)));
  }

  @Test
  void anyPortIsOneOfThoseThatAreAllowedWhileThereIsOne() throws Exception {
    Tunnel taken = factory.open(0, forwarding(NOWHERE, null));
    int port = taken.localAddress().getPort();
    TunnelFactory narrow = on(new LocalPorts(port, port), LONG);

    assertThatThrownBy(() -> narrow.open(0, forwarding(NOWHERE, null)))
        .isInstanceOf(PortInUseException.class)
        .hasMessage("local port 0 is wanted, but none of %d is free".formatted(port));
    taken.close();

    assertThat(narrow.open(0, forwarding(NOWHERE, null)).localAddress().getPort()).isEqualTo(port);
  }

  @Test
  void onlyPortsThatAreAllowedMayBeAskedForButThoseOnRecordStay() {
    int port = factory.open(0, forwarding(NOWHERE, null)).localAddress().getPort();
    factory.close();
    int other = port == 65535 ? port - 1 : port + 1;
    TunnelFactory narrow = on(new LocalPorts(other, other), LONG);

    assertThat(narrow.notAllowed(port))
        .hasValue("local port %d is none of unicore-dask.tunnel.ports = %d".formatted(port, other));
    assertThat(narrow.notAllowed(other)).isEmpty();
    assertThat(narrow.notAllowed(0)).isEmpty();
    assertThat(narrow.open(port, forwarding(NOWHERE, null)).localAddress().getPort())
        .isEqualTo(port);
  }

  @ParameterizedTest
  @EnumSource
  void aClientThatIsThereForNothingIsClosed(Transport transport) throws Exception {
    FarEnd farEnd =
        farEnd(
            transport,
            connection -> {
              try {
                FarEnd.silentService(connection);
              } catch (IOException e) {
                // on a busy machine the time is over before the hand-shake is
              }
            });
    TunnelFactory impatient = on(LocalPorts.unprivileged(), Duration.ofMillis(300));
    Tunnel tunnel = impatient.open(0, forwarding(farEnd.endpoint(), transport.client()));

    Socket client = client(tunnel);

    assertThat(client.getInputStream().readAllBytes()).isNotNull();
    await().until(() -> tunnel.connections() == 0);
  }

  @Test
  void settingsMustMakeSense() {
    Duration second = Duration.ofSeconds(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(LocalHost.loopback(), Duration.ZERO, second, 1))
        .withMessageContaining("connect timeout");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(LocalHost.loopback(), second, Duration.ofDays(30), 1))
        .withMessageContaining("hand-shake timeout");
    assertThatIllegalArgumentException().isThrownBy(() -> settings(null, second, second, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(LocalHost.loopback(), second, second, 0));
  }
}
