package io.unicoredask.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.unicoredask.tunnel.FarEnd;
import io.unicoredask.tunnel.RandomStream;
import io.unicoredask.tunnel.Transport;
import io.unicoredask.tunnel.Tunnel;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What becomes of the bytes, and of the ends of the streams, of clients that share a connection.
 */
@Timeout(300)
class RelayConnectionTest extends RelayFixture {

  @ParameterizedTest
  @EnumSource
  void aClientThatHasEndedStillGetsItsAnswer(Transport transport) throws Exception {
    Tunnel tunnel =
        relayed(
            transport,
            socket -> {
              byte[] question = socket.getInputStream().readAllBytes();
              socket.getOutputStream().write(("you asked: " + text(question)).getBytes());
            });

    Socket client = client(tunnel);
    send(client, "a question");
    client.shutdownOutput();

    assertThat(text(client.getInputStream().readAllBytes())).isEqualTo("you asked: a question");
    await().until(() -> tunnel.connections() == 0);
    assertThat(tunnel.lastFailure()).isEmpty();
    assertThat(log).noneMatch(line -> line.startsWith("WARN"));
  }

  @Test
  void aServiceThatHasEndedStillHearsTheClient() throws Exception {
    CompletableFuture<String> heard = new CompletableFuture<>();
    Tunnel tunnel =
        relayed(
            socket -> {
              send(socket, "a greeting");
              socket.shutdownOutput();
              heard.complete(text(socket.getInputStream().readAllBytes()));
            });
    Socket client = client(tunnel);

    assertThat(text(client.getInputStream().readAllBytes())).isEqualTo("a greeting");
    assertThat(tunnel.connections()).isEqualTo(1);
    send(client, "goodbye");
    client.shutdownOutput();

    assertThat(heard.get(2, TimeUnit.MINUTES)).isEqualTo("goodbye");
    await().until(() -> tunnel.connections() == 0);
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "TLS_1_3"})
  void muchDataBothWaysAtOnceArrivesUnchanged(Transport transport) throws Exception {
    RandomStream down = new RandomStream(3, 8 << 20);
    RandomStream up = new RandomStream(4, 8 << 20);
    CompletableFuture<Long> arrived = new CompletableFuture<>();
    Tunnel tunnel =
        relayed(
            transport,
            socket -> {
              CompletableFuture<Void> sending =
                  background(() -> down.writeTo(socket.getOutputStream(), new AtomicLong()));
              arrived.complete(up.checksumOf(socket.getInputStream()));
              sending.get();
            });
    Socket client = client(tunnel);

    CompletableFuture<Void> sending =
        background(() -> up.writeTo(client.getOutputStream(), new AtomicLong()));

    assertThat(down.checksumOf(client.getInputStream())).isEqualTo(down.checksum());
    assertThat(arrived.get(2, TimeUnit.MINUTES)).isEqualTo(up.checksum());
    sending.get(2, TimeUnit.MINUTES);
  }

  @Test
  void aServiceThatResetsResetsOnlyItsClient() throws Exception {
    Tunnel tunnel =
        relayed(
            socket -> {
              int first = socket.getInputStream().read();
              if (first == 'r') {
                socket.setSoLinger(true, 0);
                return;
              }
              socket.getOutputStream().write(first);
              socket.getInputStream().read();
            });
    Socket other = client(tunnel);
    send(other, "x");
    assertThat(other.getInputStream().read()).isEqualTo('x');
    Socket client = client(tunnel);

    send(client, "r");

    assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
    send(other, "y");
    await().until(() -> tunnel.connections() == 1);
  }

  @Test
  void aClientThatResetsIsResetAtTheService() throws Exception {
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    Tunnel tunnel =
        relayed(
            socket -> {
              send(socket, "hello");
              try {
                socket.getInputStream().read();
                end.complete(null);
              } catch (SocketException e) {
                end.complete(e);
              }
            });
    Socket client = client(tunnel);
    assertThat(client.getInputStream().readNBytes(5)).hasSize(5);

    client.setSoLinger(true, 0);
    client.close();

    assertThat(end.get(2, TimeUnit.MINUTES)).isInstanceOf(SocketException.class);
    await().until(() -> tunnel.connections() == 0);
  }

  @Test
  void allOfAStreamArrivesThoughTheServiceClosesRightAfterIt() throws Exception {
    RandomStream stream = new RandomStream(7, 24 << 20);
    Tunnel tunnel = relayed(socket -> stream.writeTo(socket.getOutputStream(), new AtomicLong()));
    Socket client = client(tunnel);

    assertThat(stream.checksumOf(client.getInputStream())).isEqualTo(stream.checksum());
    assertThat(client.getInputStream().read()).isNegative();
  }

  @Test
  void schedulerAndDashboardShareTheConnection() throws Exception {
    ServerSocket scheduler = service(socket -> send(socket, "scheduler"));
    ServerSocket dashboard = service(socket -> send(socket, "dashboard"));
    RelayProcess relay =
        closing(RelayProcess.start(scheduler.getLocalPort(), dashboard.getLocalPort()));
    FarEnd site = siteOf(relay);
    RelayConnection connection = connect(site, relay.secret);
    Tunnel toScheduler = connection.open(0, RelayService.SCHEDULER);
    Tunnel toDashboard = connection.open(0, RelayService.DASHBOARD);

    for (int i = 0; i < 5; i++) {
      assertThat(text(client(toScheduler).getInputStream().readAllBytes())).isEqualTo("scheduler");
      assertThat(text(client(toDashboard).getInputStream().readAllBytes())).isEqualTo("dashboard");
    }
    assertThat(site.accepted()).isEqualTo(connections());
  }

  @Test
  void aServiceThatIsNotThereIsNamed() throws Exception {
    ServerSocket gone = new ServerSocket(0);
    gone.close();
    RelayProcess relay = closing(RelayProcess.start(gone.getLocalPort(), null));
    RelayConnection connection = connect(siteOf(relay), relay.secret);
    Tunnel scheduler = connection.open(0, RelayService.SCHEDULER);
    Tunnel dashboard = connection.open(0, RelayService.DASHBOARD);

    assertThat(isTurnedAway(client(scheduler))).isTrue();
    assertThat(isTurnedAway(client(dashboard))).isTrue();

    assertThat(scheduler.lastFailure().orElseThrow())
        .startsWith("DEMO-SITE, 127.0.0.1:")
        .contains(" => scheduler through the relay at node07:8786: ")
        .contains("the relay cannot connect to the scheduler: scheduler: ")
        .contains("Connect call failed");
    assertThat(dashboard.lastFailure().orElseThrow())
        .endsWith("the relay cannot connect to the dashboard: dashboard: the scheduler has none");
    assertThat(connection.isConnected()).isTrue();
  }

  @Test
  void aHundredClientsAtOnceShareTheOneConnectionThatTakesASecond() throws Exception {
    RelayProcess relay = relayTo(service(RelayFixture::echo));
    RelayFile address = relay.address();
    FarEnd site =
        farEnd(
            connection -> {
              TimeUnit.SECONDS.sleep(1);
              FarEnd.pipe(connection, address.host(), address.port());
            });
    Tunnel tunnel = connect(site, relay.secret).open(0, RelayService.SCHEDULER);
    List<Socket> clients = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Socket client = client(tunnel);
      send(client, "client %02d".formatted(i));
      clients.add(client);
    }

    for (int i = 0; i < 100; i++) {
      assertThat(text(clients.get(i).getInputStream().readNBytes(9)))
          .isEqualTo("client %02d".formatted(i));
    }

    assertThat(tunnel.connections()).isEqualTo(100);
    assertThat(site.accepted()).isEqualTo(connections());
  }

  @Test
  void manySmallMessagesBothWaysArriveInOrder() throws Exception {
    Tunnel tunnel = relayed(RelayFixture::echo);
    List<CompletableFuture<Void>> clients = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Socket client = client(tunnel);
      int seed = i;
      clients.add(background(() -> pingPong(client, seed, 40)));
    }
    for (CompletableFuture<Void> client : clients) {
      client.get(2, TimeUnit.MINUTES);
    }
  }

  /** Sends random messages to an echo one by one, and checks what comes back. */
  static void pingPong(Socket client, int seed, int times) throws Exception {
    Random random = new Random(seed);
    for (int i = 0; i < times; i++) {
      byte[] message = new byte[1 + random.nextInt(200)];
      random.nextBytes(message);
      client.getOutputStream().write(message);
      assertThat(client.getInputStream().readNBytes(message.length)).isEqualTo(message);
    }
  }

  @Test
  void aClientThatDoesNotReadHoldsBackItsServiceAndNobodyElse() throws Exception {
    RandomStream stream = new RandomStream(5, 32L << 20);
    AtomicLong sent = new AtomicLong();
    Tunnel tunnel =
        relayed(
            socket -> {
              if (socket.getInputStream().read() == 's') {
                withSmallBuffers(socket);
                stream.writeTo(socket.getOutputStream(), sent);
              } else {
                echo(socket);
              }
            });
    Socket slow = clientOfSmallBuffers(tunnel);
    send(slow, "s");
    assertHeldBack(sent, stream);

    List<CompletableFuture<Void>> fast = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      Socket client = client(tunnel);
      RandomStream own = new RandomStream(100 + i, 300_000);
      send(client, "f");
      fast.add(
          background(
              () -> {
                background(() -> own.writeTo(client.getOutputStream(), new AtomicLong()));
                assertThat(own.checksumOf(client.getInputStream())).isEqualTo(own.checksum());
              }));
    }
    for (CompletableFuture<Void> client : fast) {
      client.get(2, TimeUnit.MINUTES);
    }
    assertThat(sent.get()).isLessThan(stream.length() * 3 / 4);
    assertThat(stream.checksumOf(slow.getInputStream())).isEqualTo(stream.checksum());
  }

  @Test
  void aServiceThatDoesNotReadHoldsBackItsClientAndNobodyElse() throws Exception {
    RandomStream stream = new RandomStream(6, 32L << 20);
    CountDownLatch readOn = new CountDownLatch(1);
    CompletableFuture<Long> checksum = new CompletableFuture<>();
    Tunnel tunnel =
        relayed(
            socket -> {
              if (socket.getInputStream().read() == 's') {
                withSmallBuffers(socket);
                readOn.await();
                checksum.complete(stream.checksumOf(socket.getInputStream()));
              } else {
                echo(socket);
              }
            });
    Socket slow = clientOfSmallBuffers(tunnel);
    send(slow, "s");
    AtomicLong sent = new AtomicLong();
    background(() -> stream.writeTo(slow.getOutputStream(), sent));
    assertHeldBack(sent, stream);

    Socket fast = client(tunnel);
    send(fast, "f");
    pingPong(fast, 1, 300);
    readOn.countDown();

    assertThat(checksum.get(2, TimeUnit.MINUTES)).isEqualTo(stream.checksum());
  }

  /** A window and the buffers of the tunnel and the relay take megabytes; the rest must wait. */
  private static void assertHeldBack(AtomicLong sent, RandomStream stream) {
    AtomicLong before = new AtomicLong(-1);
    await()
        .pollInterval(Duration.ofMillis(200))
        .until(() -> sent.get() > 0 && before.getAndSet(sent.get()) == sent.get());
    assertThat(sent.get()).isLessThan(stream.length() * 3 / 4);
  }

  @Test
  void aConnectionThatIsCutResetsItsClientsAndIsMadeAgain() throws Exception {
    RelayProcess relay = relayTo(service(RelayFixture::echo));
    List<FarEnd.Connection> connections = new CopyOnWriteArrayList<>();
    FarEnd site = siteOf(relay, connections);
    RelayConnection connection = connect(site, relay.secret);
    Tunnel tunnel = connection.open(0, RelayService.SCHEDULER);
    List<Socket> before = new ArrayList<>();
    AtomicInteger ended = new AtomicInteger();
    for (int i = 0; i < 10; i++) {
      Socket client = client(tunnel);
      pingPong(client, i, 3);
      before.add(client);
      background(() -> flood(client.getOutputStream(), client.getInputStream(), ended));
    }

    connections.get(0).reset();

    await()
        .untilAsserted(
            () ->
                assertThat(List.of(ended.get(), connection.connects())).isEqualTo(List.of(10, 2)));
    pingPong(client(tunnel), 7, 100);
    for (Socket client : before) {
      client.close();
    }
    await().until(() -> tunnel.connections() == 1);
    await().until(() -> relay.log().contains("a client is gone"));
    assertThat(connection.lastFailure()).isEmpty();
  }

  private static void flood(OutputStream out, InputStream in, AtomicInteger ended)
      throws Exception {
    CompletableFuture<Void> reading =
        background(() -> in.transferTo(OutputStream.nullOutputStream()));
    try {
      while (true) {
        out.write(new byte[1000]);
      }
    } catch (SocketException e) {
      reading.handle((nothing, error) -> ended.incrementAndGet());
    }
  }

  @Test
  void aClientWaitsForTheRelayToComeBack() throws Exception {
    RelayProcess relay = relayTo(service(RelayFixture::echo));
    RelayFile address = relay.address();
    CountDownLatch up = new CountDownLatch(1);
    FarEnd site =
        farEnd(
            connection -> {
              if (up.getCount() > 0) {
                FarEnd.refuse("503 Service Unavailable").serve(connection);
              } else {
                FarEnd.pipe(connection, address.host(), address.port());
              }
            });
    RelayConnection connection = connect(site, relay.secret);
    Tunnel tunnel = connection.open(0, RelayService.SCHEDULER);
    Socket client = client(tunnel);
    send(client, "still there?");
    await().until(() -> site.accepted() > 1);
    assertThat(connection.isConnected()).isFalse();
    assertThat(connection.lastFailure().orElseThrow())
        .startsWith("DEMO-SITE, relay at node07:8786: the upgrade was answered 503");
    assertThat(tunnel.lastFailure()).isEqualTo(connection.lastFailure());

    up.countDown();

    assertThat(text(client.getInputStream().readNBytes(12))).isEqualTo("still there?");
    assertThat(tunnel.lastFailure()).isEmpty();
  }

  @Test
  void aClientWaitsNoLongerThanTheHandshakeMayTake() throws Exception {
    FarEnd site = farEnd(FarEnd.refuse("404 Not Found"));
    RelayConnection connection =
        closing(
            RelayConnection.open(
                hurried(Duration.ofMillis(500)),
                forwarding(site.endpoint(), null),
                RelaySecret.random(),
                file,
                () -> {}));
    Tunnel tunnel = connection.open(0, RelayService.SCHEDULER);

    assertThat(isTurnedAway(client(tunnel))).isTrue();

    assertThat(tunnel.lastFailure().orElseThrow())
        .contains("no connection to the relay within PT0.5S: ")
        .contains("answered 404 Not Found");
    await().until(() -> tunnel.connections() == 0);
  }

  @Test
  void aConnectionThatHasGoneSilentIsNoticedWithinSeconds() throws Exception {
    RelayProcess relay = relayTo(service(RelayFixture::echo));
    RelayFile address = relay.address();
    CountDownLatch over = new CountDownLatch(1);
    FarEnd site =
        farEnd(
            connection -> {
              connection.upgrade();
              try (Socket socket = new Socket(address.host(), address.port())) {
                background(() -> connection.in.transferTo(socket.getOutputStream()));
                // An introduction and a first answer, and then nothing more.
                connection.out.write(socket.getInputStream().readNBytes(40));
                byte[] proof = new byte[1];
                do {
                  socket.getInputStream().read(proof);
                  connection.out.write(proof);
                } while (proof[0] == 0);
                connection.out.write(socket.getInputStream().readNBytes(32));
                over.await();
              }
            });
    RelayConnection connection = connect(site, relay.secret);
    await().until(connection::isConnected);
    Tunnel tunnel = connection.open(0, RelayService.SCHEDULER);

    assertThat(isTurnedAway(client(tunnel))).isTrue();

    await().until(() -> connection.connects() > 1);
    over.countDown();
  }

  @Test
  void closingEndsTheClientsTheTunnelsAndTheConnection() throws Exception {
    RelayProcess relay = relayTo(service(RelayFixture::echo));
    FarEnd site = siteOf(relay);
    RelayConnection connection = connect(site, relay.secret);
    Tunnel tunnel = connection.open(0, RelayService.SCHEDULER);
    Socket client = client(tunnel);
    pingPong(client, 1, 1);

    connection.close();
    connection.close();

    assertThat(isTurnedAway(client)).isTrue();
    assertThat(tunnel.isOpen()).isFalse();
    assertThat(connection.isConnected()).isFalse();
    await().until(() -> site.ended() == connections());
    assertThat(site.accepted()).isEqualTo(connections());
    assertThatThrownBy(() -> connection.open(0, RelayService.SCHEDULER))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theRelayIsToldOfTheCloseWhereTheEndOfTheConnectionDoesNotReachIt() throws Exception {
    RelayProcess relay = relayTo(service(RelayFixture::echo));
    RelayFile address = relay.address();
    CountDownLatch over = new CountDownLatch(1);
    FarEnd site =
        farEnd(
            connection -> {
              connection.upgrade();
              try (Socket socket = new Socket(address.host(), address.port())) {
                background(() -> socket.getInputStream().transferTo(connection.out));
                try {
                  connection.in.transferTo(socket.getOutputStream());
                } catch (SocketException e) {
                  // a reset: also an end
                }
                over.await();
              }
            });
    RelayConnection connection = connect(site, relay.secret);
    await().until(connection::isConnected);

    connection.close();

    await().until(() -> relay.log().contains("a client is gone, 0 are left"));
    over.countDown();
  }

  @Test
  void thatNoRelayAnswersIsToldFromASiteThatDoesNotForward() throws Exception {
    FarEnd refusing = farEnd(FarEnd.refuse("403 Forbidden"));
    FarEnd leadingNowhere = farEnd(FarEnd.Connection::upgrade);

    RelayConnection refused = connect(refusing, RelaySecret.random());
    RelayConnection gone = connect(leadingNowhere, RelaySecret.random());

    await().until(() -> refused.lastFailure().isPresent() && gone.isGone());
    assertThat(refused.isGone()).isFalse();
  }

  @Test
  void closingATunnelLeavesTheOtherOpen() throws Exception {
    ServerSocket scheduler = service(RelayFixture::echo);
    RelayProcess relay =
        closing(RelayProcess.start(scheduler.getLocalPort(), scheduler.getLocalPort()));
    RelayConnection connection = connect(siteOf(relay), relay.secret);
    Tunnel one = connection.open(0, RelayService.SCHEDULER);
    Tunnel other = connection.open(0, RelayService.DASHBOARD);
    Socket client = client(other);
    pingPong(client, 1, 1);
    pingPong(client(one), 1, 1);

    one.close();

    pingPong(client, 2, 10);
    assertThat(connection.isConnected()).isTrue();
  }

  /** How many forwarded connections it takes. */
  private int connections() {
    return file.hasLanes() ? 2 : 1;
  }

  private static void send(Socket socket, String text) throws java.io.IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
