package io.unicoredask.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unicoredask.tunnel.FarEnd;
import io.unicoredask.tunnel.Tunnel;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two connections, one for each direction: who may join them, and what becomes of them. */
@Timeout(300)
class RelayLanesTest extends RelayFixture {

  /** After five seconds without a byte. */
  private static final int WHETHER_IT_IS_ALIVE = 0;

  private RelayProcess relay;

  @BeforeEach
  void startRelay() throws Exception {
    relay = relayTo(service(RelayFixture::echo));
  }

  private RawRelayClient raw() throws Exception {
    return closing(new RawRelayClient(relay.address()));
  }

  private RawRelayClient lane(Lane lane, byte[] nonce) throws Exception {
    RawRelayClient client = raw();
    client.nonce = nonce;
    return client.introduced(relay.secret, lane);
  }

  /** Asks for a stream on one lane, and expects to hear of it on the other. */
  private static void assertServed(RawRelayClient up, RawRelayClient down) throws Exception {
    up.frame(Frame.DATA, Frame.SYN, 1, 6, "Shello".getBytes());
    assertThat(down.next()).isEqualTo("0 2 1 1");
    assertThat(down.next()).isEqualTo("0 0 1 5");
  }

  @Test
  void whatIsAskedOnTheOneIsAnsweredOnTheOther() throws Exception {
    byte[] nonce = RelaySecret.nonce();
    RawRelayClient down = lane(Lane.DOWN, nonce);
    RawRelayClient up = lane(Lane.UP, nonce);

    assertServed(up, down);
    up.close();

    down.rest();
    await().until(() -> relay.log().contains("a client is gone, 0 are left"));
  }

  @Test
  void afterMuchTheRelayAsksWhetherAllHasArrivedUntilItHasAndAfterALittleItDoesNot()
      throws Exception {
    byte[] nonce = RelaySecret.nonce();
    RawRelayClient down = lane(Lane.DOWN, nonce);
    RawRelayClient up = lane(Lane.UP, nonce);
    byte[] much = new byte[100 * 1024];
    much[0] = 'S';

    up.frame(Frame.DATA, Frame.SYN, 1, much.length, much);

    assertThat(down.nextQuestion()).isEqualTo(1);
    int question = down.nextQuestion();
    assertThat(question).isEqualTo(2);
    while (question != WHETHER_IT_IS_ALIVE) {
      up.frame(Frame.PING, Frame.ACK, 0, question);
      question = down.nextQuestion();
    }

    up.frame(Frame.DATA, 0, 1, 6, "little".getBytes());

    assertThat(down.next()).isEqualTo("0 0 1 6");
    assertThat(down.nextQuestion()).isEqualTo(WHETHER_IT_IS_ALIVE);
  }

  @Test
  void lanesOfTwoClientsAreNotJoined() throws Exception {
    byte[] one = RelaySecret.nonce();
    byte[] other = RelaySecret.nonce();
    RawRelayClient up = lane(Lane.UP, one);
    RawRelayClient otherDown = lane(Lane.DOWN, other);
    RawRelayClient otherUp = lane(Lane.UP, other);
    RawRelayClient down = lane(Lane.DOWN, one);

    assertServed(up, down);
    assertServed(otherUp, otherDown);
  }

  @Test
  void nobodyJoinsASessionWithoutTheSecretThoughHeKnowsAllThatWasSent() throws Exception {
    byte[] nonce = RelaySecret.nonce();
    RawRelayClient up = lane(Lane.UP, nonce);
    RawRelayClient replay = raw();
    replay.nonce = nonce;
    replay.hello();
    replay.write(relay.secret.prove(Lane.DOWN.proof, nonce, up.relayNonce));
    assertOnlyZeros(replay);
    RawRelayClient stranger = raw();
    stranger.nonce = nonce;
    stranger.hello();
    stranger.write(RelaySecret.random().prove(Lane.DOWN.proof, nonce, stranger.relayNonce));
    assertOnlyZeros(stranger);

    assertServed(up, lane(Lane.DOWN, nonce));
  }

  private static void assertOnlyZeros(RawRelayClient client) throws Exception {
    for (byte one : client.rest()) {
      assertThat(one).isZero();
    }
  }

  @Test
  void aSecondLaneTheSameWayIsRefusedAndTheFirstStays() throws Exception {
    byte[] nonce = RelaySecret.nonce();
    RawRelayClient up = lane(Lane.UP, nonce);

    lane(Lane.UP, nonce).rest();

    assertThat(relay.log()).contains("its client has such a one already");
    assertServed(up, lane(Lane.DOWN, nonce));
  }

  @Test
  void whoSpeaksWhereHeHasToListenIsClosed() throws Exception {
    byte[] nonce = RelaySecret.nonce();
    RawRelayClient up = lane(Lane.UP, nonce);
    RawRelayClient down = lane(Lane.DOWN, nonce);

    down.frame(Frame.PING, Frame.SYN, 0, 1);

    up.rest();
    down.rest();
    assertThat(relay.log()).contains("it speaks where it has to listen");
  }

  @Test
  void aLaneThatDiesTakesTheSessionWithItAndBothComeBack() throws Exception {
    List<FarEnd.Connection> connections = new CopyOnWriteArrayList<>();
    FarEnd site = siteOf(relay, connections);
    RelayConnection connection = connect(site, relay.secret);
    Tunnel tunnel = connection.open(0, RelayService.SCHEDULER);

    for (int lane = 0; lane < 2; lane++) {
      Socket client = client(tunnel);
      RelayConnectionTest.pingPong(client, lane, 10);
      int before = connection.connects();

      connections.get(connections.size() - 2 + lane).reset();

      assertThat(isTurnedAway(client)).isTrue();
      await().until(() -> connection.connects() > before);
      RelayConnectionTest.pingPong(client(tunnel), 7, 10);
    }
    assertThat(site.accepted()).isEqualTo(2 * connection.connects());
  }

  @Test
  void whereASiteGivesOneConnectionOnlyItDoesForBothWaysAndThatIsSaid() throws Exception {
    RelayFile address = relay.address();
    AtomicInteger open = new AtomicInteger();
    FarEnd site =
        farEnd(
            connection -> {
              if (open.incrementAndGet() > 1) {
                open.decrementAndGet();
                FarEnd.refuse("429 Too Many Requests").serve(connection);
                return;
              }
              FarEnd.pipe(connection, address.host(), address.port());
              open.decrementAndGet();
            });
    RelayConnection connection = connect(site, relay.secret);

    RelayConnectionTest.pingPong(client(connection.open(0, RelayService.SCHEDULER)), 1, 100);

    assertThat(log)
        .anyMatch(
            line ->
                line.contains("of two connections to the relay one cannot be had: ")
                    && line.contains("429"));
    assertThat(open).hasValue(1);
  }

  @Test
  void aGoodbyeIsHeardThoughTheEndOfTheLaneUpOvertakesIt() throws Exception {
    CompletableFuture<FarEnd.Connection> up = new CompletableFuture<>();
    CountDownLatch ending = new CountDownLatch(1);
    FarEnd site =
        farEnd(
            connection -> {
              if (introduce(connection, relay.secret) == Lane.UP) {
                up.complete(connection);
              } else {
                ending.await();
                up.get().reset();
                connection.out.write(RawRelayClient.bytes(Frame.AWAY, 0, 0, 0));
              }
              connection.awaitEnd();
            });
    RelayConnection connection = connect(site, relay.secret);
    await().until(connection::isConnected);

    ending.countDown();

    await().until(() -> !connection.isConnected());
    assertThat(connection.hasSaidGoodbye()).isTrue();
  }

  @Test
  void aSiteIsLeftAloneForAWhileAfterAGoodbye() throws Exception {
    FarEnd site = siteOf(relay);
    RelayConnection connection = connect(site, relay.secret);
    await().until(connection::isConnected);

    relay.process.destroy();
    await().until(connection::hasSaidGoodbye);

    await().during(Duration.ofSeconds(2)).until(() -> site.accepted() == 2);
  }

  @Test
  void aSiteIsLeftAloneForASecondAfterABreak() throws Exception {
    List<FarEnd.Connection> connections = new CopyOnWriteArrayList<>();
    List<Long> times = new CopyOnWriteArrayList<>();
    FarEnd site =
        farEnd(
            connection -> {
              times.add(System.nanoTime());
              connections.add(connection);
              FarEnd.pipe(connection, "127.0.0.1", relay.address().port());
            });
    RelayConnection connection = connect(site, relay.secret);
    await().until(connection::isConnected);
    long broken = System.nanoTime();

    connections.get(0).reset();

    await().until(() -> connection.connects() == 2);
    assertThat(Duration.ofNanos(times.get(2) - broken)).isGreaterThan(Duration.ofSeconds(1));
  }

  @Test
  void withOneConnectionForBothWaysWhatIsSentIsPushedOnAtOnce() throws Exception {
    RawRelayClient client = raw().introduced(relay.secret);

    assertThat(client.in.readNBytes(Frame.HEADER))
        .as("a pong that answers nothing, before any question")
        .isEqualTo(RawRelayClient.bytes(Frame.PING, Frame.ACK, 0, 0));
  }

  @Test
  void aRelayThatSpeaksOnTheLaneUpIsLeft() throws Exception {
    FarEnd site =
        farEnd(
            connection -> {
              if (introduce(connection, relay.secret) == Lane.UP) {
                writeUntilClosed(connection);
              }
              connection.awaitEnd();
            });
    RelayConnection connection = connect(site, relay.secret);

    await()
        .untilAsserted(
            () ->
                assertThat(connection.lastFailure().orElse(""))
                    .contains("speaks where it has to listen"));
  }

  private static void writeUntilClosed(FarEnd.Connection connection) {
    try {
      while (true) {
        connection.out.write(new byte[10_000]);
      }
    } catch (IOException e) {
      // it had enough
    }
  }
}
