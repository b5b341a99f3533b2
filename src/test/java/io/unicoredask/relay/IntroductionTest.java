package io.unicoredask.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.unicoredask.tunnel.FarEnd;
import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who gets in at a relay, and which relay a client takes for its own. */
@Timeout(300)
class IntroductionTest extends RelayFixture {

  private final AtomicInteger served = new AtomicInteger();
  private RelayProcess relay;

  @BeforeEach
  void startRelay() throws Exception {
    relay =
        relayTo(
            service(
                socket -> {
                  served.incrementAndGet();
                  echo(socket);
                }));
  }

  @AfterEach
  void noSecretIsShown() {
    assertThat(relay.log()).doesNotContain(relay.secret.toHex());
    assertThat(log).noneMatch(line -> line.contains(relay.secret.toHex()));
  }

  private RawRelayClient raw() throws Exception {
    return closing(new RawRelayClient(relay.address()));
  }

  @Test
  void whoKnowsTheSecretIsServed() throws Exception {
    RawRelayClient client = raw().introduced(relay.secret);

    client.frame(Frame.DATA, Frame.SYN, 1, 1, (byte) 'S');

    assertThat(client.next()).isEqualTo("0 2 1 1");
    await().untilAsserted(() -> assertThat(served).hasValue(1));
  }

  @Test
  void aWrongSecretGetsNothingButARandomNumber() throws Exception {
    RawRelayClient client = raw();
    client.hello();

    client.write(RelaySecret.random().prove(Lane.BOTH.proof, client.nonce, client.relayNonce));

    assertNothing(client);
    assertThat(relay.log()).contains("it does not know the secret");
  }

  /** Nothing but the zeros that a relay may send while it waits for the proof. */
  private static void assertNothing(RawRelayClient client) throws Exception {
    for (byte one : client.rest()) {
      assertThat(one).isZero();
    }
  }

  @Test
  void noSecretGetsNothing() throws Exception {
    RawRelayClient frames = raw();
    frames.frame(Frame.DATA, Frame.SYN, 1, 1, (byte) 'S');
    RawRelayClient http = raw();
    http.write("GET / HTTP/1.1\r\n\r\n".getBytes());

    assertThat(frames.rest()).isEmpty();
    assertThat(http.rest()).isEmpty();
    assertThat(served).hasValue(0);
  }

  @Test
  void whoSaysNothingHearsNothingAndIsClosed() throws Exception {
    RawRelayClient silent = raw();
    RawRelayClient half = raw();
    half.write("DASKR".getBytes());
    long begin = System.nanoTime();

    assertThat(silent.rest()).isEmpty();
    assertThat(half.rest()).isEmpty();

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofSeconds(8));
  }

  @Test
  void aReplayedIntroductionGetsNothing() throws Exception {
    RawRelayClient client = raw().introduced(relay.secret);
    byte[] proof = relay.secret.prove(Lane.BOTH.proof, client.nonce, client.relayNonce);
    RawRelayClient replay = raw();
    replay.nonce = client.nonce;

    replay.hello();
    replay.write(proof);

    assertThat(replay.relayNonce).isNotEqualTo(client.relayNonce);
    assertNothing(replay);
  }

  @Test
  void theRelaysOwnProofIsNoProofOfAClient() throws Exception {
    RawRelayClient client = raw();
    client.hello();

    client.write(relay.secret.prove(Introduction.RELAY, client.nonce, client.relayNonce));

    assertNothing(client);
  }

  @Test
  void aCrowdOfStrangersKeepsNobodyOut() throws Exception {
    List<RawRelayClient> strangers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      strangers.add(raw());
    }

    raw().introduced(relay.secret);

    assertThat(strangers.get(0).rest()).isEmpty();
  }

  @Test
  void aClientWithAnotherSecretIsToldSo() throws Exception {
    RelayConnection connection = connect(siteOf(relay), RelaySecret.random());

    await()
        .untilAsserted(
            () ->
                assertThat(connection.lastFailure().orElse(""))
                    .contains("does not take this end's proof; does it have another secret?"));
    assertThat(connection.isConnected()).isFalse();
  }

  @Test
  void aRelayThatDoesNotKnowTheSecretGetsNothing() throws Exception {
    CompletableFuture<byte[]> said = new CompletableFuture<>();
    FarEnd site =
        farEnd(
            connection -> {
              connection.upgrade();
              connection.in.readNBytes(40);
              connection.out.write(Introduction.MAGIC);
              connection.out.write(new byte[32]);
              connection.in.readNBytes(32);
              connection.out.write(new byte[] {0, 0, 1});
              connection.out.write(new byte[32]);
              ByteArrayOutputStream rest = new ByteArrayOutputStream();
              connection.in.transferTo(rest);
              said.complete(rest.toByteArray());
            });
    RelayConnection connection = connect(site, relay.secret);
    Socket client = client(connection.open(0, RelayService.SCHEDULER));
    client.getOutputStream().write(1);

    assertThat(said.get(2, TimeUnit.MINUTES)).isEmpty();
    await()
        .untilAsserted(
            () ->
                assertThat(connection.lastFailure().orElse(""))
                    .contains("the relay at node07:8786 does not know the secret"));
    assertThat(connection.isConnected()).isFalse();
  }

  @Test
  void aSchedulerInTheRelaysPlaceIsNoRelay() throws Exception {
    FarEnd site =
        farEnd(
            connection -> {
              connection.upgrade();
              connection.send("\u0042\0\0\0 I am a scheduler");
              connection.awaitEnd();
            });
    RelayConnection connection = connect(site, relay.secret);

    await()
        .untilAsserted(
            () ->
                assertThat(connection.lastFailure().orElse(""))
                    .contains("what answers at node07:8786 is not a relay"));
  }

  @Test
  void nobodyInTheRelaysPlaceIsReported() throws Exception {
    RelayConnection connection = connect(farEnd(FarEnd::dropAfter101), relay.secret);

    await()
        .untilAsserted(
            () ->
                assertThat(connection.lastFailure().orElse(""))
                    .contains("nothing came after the 101; nobody listens at node07:8786"));
  }

  @Test
  void aSecretIsWrittenDownAndHidden() {
    RelaySecret secret = RelaySecret.random();

    assertThat(RelaySecret.ofHex(secret.toHex() + "\n")).isEqualTo(secret);
    assertThat(RelaySecret.random()).isNotEqualTo(secret);
    assertThat(secret.toString()).doesNotContain(secret.toHex());
    assertThatThrownBy(() -> RelaySecret.ofHex("c0ffee"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a relay's secret must be 64 hexadecimal digits");
    assertThatThrownBy(() -> RelaySecret.ofHex("geheim"))
        .hasMessageNotContaining("geheim")
        .hasNoCause();
  }
}
