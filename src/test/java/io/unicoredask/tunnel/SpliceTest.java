package io.unicoredask.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of the bytes, and of the ends of the streams, once a tunnel's client is joined. */
class SpliceTest extends TunnelFixture {

  private static final String GREETING = "the server of Dask speaks first, this is what it says";
  private static final long MANY = 24L << 20;

  @ParameterizedTest
  @EnumSource
  void aGreetingInTheSamePacketAsThe101Arrives(Transport transport) throws Exception {
    FarEnd farEnd =
        farEnd(
            transport,
            connection -> {
              connection.readRequest();
              connection.send(FarEnd.SWITCHING + GREETING);
              connection.awaitEnd();
            });

    assertThat(greeting(client(tunnelTo(transport, farEnd)))).isEqualTo(GREETING);
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerAndAGreetingInSingleBytesArrive(Transport transport) throws Exception {
    FarEnd farEnd =
        farEnd(
            transport,
            connection -> {
              connection.readRequest();
              for (char one : (FarEnd.SWITCHING + GREETING).toCharArray()) {
                connection.send(String.valueOf(one));
              }
              connection.awaitEnd();
            });

    assertThat(greeting(client(tunnelTo(transport, farEnd)))).isEqualTo(GREETING);
  }

  @Test
  void aGreetingArrivesWhereverTheAnswerIsCut() throws Exception {
    String all = FarEnd.SWITCHING + GREETING;
    FarEnd[] farEnd = new FarEnd[1];
    farEnd[0] =
        farEnd(
            connection -> {
              connection.readRequest();
              int cut = farEnd[0].requests().size();
              connection.send(all.substring(0, cut));
              connection.send(all.substring(cut));
              connection.awaitEnd();
            });
    Tunnel tunnel = tunnelTo(farEnd[0]);

    for (int cut = 1; cut < all.length(); cut++) {
      try (Socket client = client(tunnel)) {
        assertThat(greeting(client)).as("cut at %d", cut).isEqualTo(GREETING);
      }
    }
  }

  @Test
  void aGreetingLargerThanAnyBufferArrivesWhole() throws Exception {
    RandomStream stream = new RandomStream(1, 3 << 20);
    FarEnd farEnd =
        farEnd(
            connection -> {
              connection.upgrade();
              connection.sendStream(stream);
              connection.awaitEnd();
            });

    Socket client = client(tunnelTo(farEnd));

    assertThat(stream.checksumOf(client.getInputStream())).isEqualTo(stream.checksum());
  }

  @ParameterizedTest
  @EnumSource
  void whatTheClientSaysBeforeTheUpgradeArrives(Transport transport) throws Exception {
    RandomStream early = new RandomStream(2, 4 << 20);
    CountDownLatch answer = new CountDownLatch(1);
    CompletableFuture<Long> checksum = new CompletableFuture<>();
    FarEnd farEnd =
        farEnd(
            transport,
            connection -> {
              connection.readRequest();
              answer.await();
              connection.send(FarEnd.SWITCHING);
              checksum.complete(early.checksumOf(connection.in));
            });
    Socket client = client(tunnelTo(transport, farEnd));

    CompletableFuture<Void> sending = async(() -> early.writeTo(client.getOutputStream(), sent()));
    await().until(() -> farEnd.requests().size() == 1);
    answer.countDown();

    assertThat(checksum.get(2, TimeUnit.MINUTES)).isEqualTo(early.checksum());
    sending.get(2, TimeUnit.MINUTES);
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "TLS_1_3"})
  void aClientThatAsksAndEndsBeforeTheUpgradeGetsItsAnswer(Transport transport) throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    FarEnd farEnd =
        farEnd(
            transport,
            connection -> {
              connection.readRequest();
              answer.await();
              connection.send(FarEnd.SWITCHING);
              connection.send("you asked: " + text(connection.in.readAllBytes()));
            });
    Socket client = client(tunnelTo(transport, farEnd));
    client.getOutputStream().write("a question".getBytes(StandardCharsets.ISO_8859_1));
    client.shutdownOutput();
    await().until(() -> farEnd.requests().size() == 1);

    answer.countDown();

    assertThat(text(client.getInputStream().readAllBytes())).isEqualTo("you asked: a question");
  }

  @ParameterizedTest
  @EnumSource
  void muchDataBothWaysAtOnceArrivesUnchanged(Transport transport) throws Exception {
    RandomStream down = new RandomStream(3, 4 << 20);
    RandomStream up = new RandomStream(4, 4 << 20);
    CompletableFuture<Long> arrived = new CompletableFuture<>();
    FarEnd farEnd =
        farEnd(
            transport,
            connection -> {
              connection.upgrade();
              CompletableFuture<Void> sending = async(() -> connection.sendStream(down));
              arrived.complete(up.checksumOf(connection.in));
              sending.get();
              connection.awaitEnd();
            });
    Socket client = client(tunnelTo(transport, farEnd));

    CompletableFuture<Void> sending = async(() -> up.writeTo(client.getOutputStream(), sent()));

    assertThat(down.checksumOf(client.getInputStream())).isEqualTo(down.checksum());
    assertThat(arrived.get(2, TimeUnit.MINUTES)).isEqualTo(up.checksum());
    sending.get(2, TimeUnit.MINUTES);
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "TLS_1_3"})
  void aServiceIsHeldBackByASlowClientAndLosesNothing(Transport transport) throws Exception {
    RandomStream stream = new RandomStream(5, MANY);
    FarEnd farEnd =
        farEnd(
            transport,
            connection -> {
              connection.upgrade();
              withSmallBuffers(connection.socket);
              connection.sendStream(stream);
              connection.awaitEnd();
            });
    Socket client = clientOfSmallBuffers(tunnelTo(transport, farEnd));

    assertHeldBack(farEnd::moved);

    assertThat(stream.checksumOf(client.getInputStream())).isEqualTo(stream.checksum());
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "TLS_1_3"})
  void aClientIsHeldBackByASlowServiceAndLosesNothing(Transport transport) throws Exception {
    RandomStream stream = new RandomStream(6, MANY);
    CountDownLatch readOn = new CountDownLatch(1);
    CompletableFuture<Long> checksum = new CompletableFuture<>();
    FarEnd farEnd =
        farEnd(
            transport,
            connection -> {
              connection.upgrade();
              withSmallBuffers(connection.socket);
              readOn.await();
              checksum.complete(stream.checksumOf(connection.in));
            });
    Socket client = clientOfSmallBuffers(tunnelTo(transport, farEnd));
    AtomicLong sent = sent();

    CompletableFuture<Void> sending = async(() -> stream.writeTo(client.getOutputStream(), sent));
    assertHeldBack(sent::get);
    readOn.countDown();

    assertThat(checksum.get(2, TimeUnit.MINUTES)).isEqualTo(stream.checksum());
    sending.get(2, TimeUnit.MINUTES);
  }

  /** The buffers of the tunnel's own sockets take some megabytes; the rest must wait. */
  private static void assertHeldBack(java.util.function.LongSupplier moved) {
    AtomicLong before = new AtomicLong(-1);
    await()
        .pollInterval(Duration.ofMillis(200))
        .until(
            () ->
                moved.getAsLong() > 0 && before.getAndSet(moved.getAsLong()) == moved.getAsLong());
    assertThat(moved.getAsLong()).isLessThan(MANY * 3 / 4);
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "TLS_1_3"})
  void aClientThatHasEndedStillGetsItsAnswer(Transport transport) throws Exception {
    CompletableFuture<String> question = new CompletableFuture<>();
    CountDownLatch seen = new CountDownLatch(1);
    FarEnd farEnd =
        farEnd(
            transport,
            connection -> {
              connection.upgrade();
              question.complete(text(connection.in.readAllBytes()));
              seen.await();
              connection.send("an answer");
            });
    Tunnel tunnel = tunnelTo(transport, farEnd);
    Socket client = client(tunnel);

    client.getOutputStream().write("a question".getBytes(StandardCharsets.ISO_8859_1));
    client.shutdownOutput();

    assertThat(question.get(2, TimeUnit.MINUTES)).isEqualTo("a question");
    assertThat(tunnel.connections()).isEqualTo(1);
    seen.countDown();
    assertThat(text(client.getInputStream().readAllBytes())).isEqualTo("an answer");
    await().until(() -> tunnel.connections() == 0);
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "TLS_1_3"})
  void aServiceThatHasEndedStillHearsTheClient(Transport transport) throws Exception {
    CompletableFuture<String> heard = new CompletableFuture<>();
    FarEnd farEnd =
        farEnd(
            transport,
            connection -> {
              connection.upgrade();
              connection.send(GREETING);
              connection.socket.shutdownOutput();
              heard.complete(text(connection.in.readAllBytes()));
            });
    Tunnel tunnel = tunnelTo(transport, farEnd);
    Socket client = client(tunnel);

    assertThat(text(client.getInputStream().readAllBytes())).isEqualTo(GREETING);
    assertThat(tunnel.connections()).isEqualTo(1);
    client.getOutputStream().write("goodbye".getBytes(StandardCharsets.ISO_8859_1));
    client.shutdownOutput();

    assertThat(heard.get(2, TimeUnit.MINUTES)).isEqualTo("goodbye");
    await().until(() -> tunnel.connections() == 0);
  }

  @Test
  void withTls12TheEndOfTheServiceIsTheEndOfBothWays() throws Exception {
    FarEnd farEnd =
        farEnd(
            Transport.TLS_1_2,
            connection -> {
              connection.upgrade();
              connection.send(GREETING);
            });
    Tunnel tunnel = tunnelTo(Transport.TLS_1_2, farEnd);

    Socket client = client(tunnel);

    assertThat(text(client.getInputStream().readAllBytes())).isEqualTo(GREETING);
    await().until(() -> tunnel.connections() == 0);
  }

  @ParameterizedTest
  @EnumSource
  void allOfAStreamArrivesThoughTheServiceClosesRightAfterIt(Transport transport) throws Exception {
    RandomStream stream = new RandomStream(7, 4 << 20);
    FarEnd farEnd =
        farEnd(
            transport,
            connection -> {
              connection.upgrade();
              connection.sendStream(stream);
            });
    Socket client = client(tunnelTo(transport, farEnd));

    assertThat(stream.checksumOf(client.getInputStream())).isEqualTo(stream.checksum());
    assertThat(client.getInputStream().read()).isNegative();
  }

  @ParameterizedTest
  @EnumSource
  void aServiceThatResetsTheConnectionResetsTheClient(Transport transport) throws Exception {
    FarEnd farEnd =
        farEnd(
            transport,
            connection -> {
              connection.upgrade();
              connection.send(GREETING);
              connection.in.read();
              connection.reset();
            });
    Tunnel tunnel = tunnelTo(transport, farEnd);
    Socket client = client(tunnel);
    assertThat(greeting(client)).isEqualTo(GREETING);

    client.getOutputStream().write(1);

    if (transport == Transport.PLAIN) {
      assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
    } else {
      assertThat(isTurnedAway(client)).isTrue();
    }
    client.close();
    await().until(() -> tunnel.connections() == 0);
  }

  @ParameterizedTest
  @EnumSource
  void aClientThatResetsItsConnectionClosesTheOneToTheSite(Transport transport) throws Exception {
    FarEnd farEnd =
        farEnd(
            transport,
            connection -> {
              connection.upgrade();
              connection.send(GREETING);
              connection.awaitEnd();
            });
    Tunnel tunnel = tunnelTo(transport, farEnd);
    Socket client = client(tunnel);
    assertThat(greeting(client)).isEqualTo(GREETING);

    client.setSoLinger(true, 0);
    client.close();

    await().until(() -> farEnd.ended() == 1 && tunnel.connections() == 0);
  }

  @Test
  void theEndOfAServiceReachesAClientThatReadsSlowlyAfterAllItsBytes() throws Exception {
    RandomStream stream = new RandomStream(8, 12 << 20);
    FarEnd farEnd =
        farEnd(
            connection -> {
              connection.upgrade();
              connection.sendStream(stream);
            });
    Tunnel tunnel = tunnelTo(farEnd);
    Socket client = clientOfSmallBuffers(tunnel);
    await().until(() -> farEnd.moved() > 1 << 20);
    client.shutdownOutput();

    assertThat(stream.checksumOf(client.getInputStream())).isEqualTo(stream.checksum());
    assertThat(client.getInputStream().read()).isNegative();
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "TLS_1_3"})
  void manyClientsAtOnceAreServed(Transport transport) throws Exception {
    int many = transport == Transport.PLAIN ? 100 : 30;
    FarEnd farEnd = farEnd(transport, FarEnd::echo);
    Tunnel tunnel = tunnelTo(transport, farEnd);
    List<Socket> clients = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      Socket client = client(tunnel);
      client.getOutputStream().write(("client %02d".formatted(i)).getBytes());
      clients.add(client);
    }

    for (int i = 0; i < many; i++) {
      assertThat(text(clients.get(i).getInputStream().readNBytes(9)))
          .isEqualTo("client %02d".formatted(i));
    }
    assertThat(tunnel.connections()).isEqualTo(many);

    for (Socket client : clients.subList(0, 20)) {
      client.close();
    }
    await().until(() -> tunnel.connections() == many - 20 && farEnd.ended() == 20);
  }

  private interface Task {
    void run() throws Exception;
  }

  private static CompletableFuture<Void> async(Task task) {
    CompletableFuture<Void> future = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
                future.complete(null);
              } catch (Throwable e) {
                future.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return future;
  }

  private static AtomicLong sent() {
    return new AtomicLong();
  }

  private static String greeting(Socket client) throws IOException {
    return text(client.getInputStream().readNBytes(GREETING.length()));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
