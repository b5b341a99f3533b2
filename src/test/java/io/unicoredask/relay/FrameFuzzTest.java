package io.unicoredask.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.unicoredask.tunnel.FarEnd;
import io.unicoredask.tunnel.Tunnel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What both ends make of frames that nobody in his right mind would send. */
@Timeout(300)
class FrameFuzzTest extends RelayFixture {

  /** Frames that are mostly right, then changed here and there, or nothing but noise. */
  private static byte[] nonsense(Random random) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int frames = 1 + random.nextInt(40);
    for (int i = 0; i < frames; i++) {
      int type = random.nextInt(20) == 0 ? random.nextInt(256) : random.nextInt(3);
      int flags = random.nextInt(20) == 0 ? random.nextInt(65536) : random.nextInt(16);
      int stream = random.nextInt(10) == 0 ? random.nextInt() : 2 * random.nextInt(20) + 1;
      byte[] payload = new byte[type == Frame.DATA ? random.nextInt(300) : 0];
      random.nextBytes(payload);
      if (payload.length > 0) {
        payload[0] = (byte) (random.nextBoolean() ? 'S' : 'C');
      }
      int length =
          type == Frame.DATA && random.nextInt(10) > 0 ? payload.length : random.nextInt(100_000);
      out.writeBytes(
          RawRelayClient.bytes(type, flags, type >= Frame.PING ? 0 : stream, length, payload));
    }
    byte[] bytes = out.toByteArray();
    for (int i = random.nextInt(4); i > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    if (random.nextInt(10) == 0) {
      random.nextBytes(bytes);
    }
    return Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
  }

  @RepeatedTest(2)
  void aClientTakesOrEndsWhateverComes() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int ended = 0;
    for (int i = 0; i < 3000; i++) {
      List<String> reasons = new ArrayList<>();
      EmbeddedChannel channel = new EmbeddedChannel();
      channel.pipeline().addLast(new FrameDecoder(), new Session(channel, () -> {}, reasons::add));
      byte[] bytes = nonsense(random);
      int at = 0;
      while (at < bytes.length && channel.isOpen()) {
        int size = Math.min(bytes.length - at, 1 + random.nextInt(200));
        channel.writeInbound(Unpooled.copiedBuffer(bytes, at, size));
        at += size;
      }
      assertThat(reasons).as("seed %d, round %d", seed, i).hasSizeLessThan(2);
      assertThat(channel.isOpen()).as("seed %d, round %d", seed, i).isEqualTo(reasons.isEmpty());
      ended += reasons.size();
      channel.finishAndReleaseAll();
    }
    assertThat(ended).isGreaterThan(1500);
  }

  @Test
  void theClientsOfARelayThatTalksNonsenseAreClosedAndNoneIsLeft() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    RelaySecret secret = RelaySecret.random();
    FarEnd site =
        farEnd(
            connection -> {
              try {
                introduce(connection, secret);
                connection.in.readNBytes(13); // the first stream
                connection.out.write(nonsense(random));
                connection.out.write(nonsense(random));
                connection.socket.shutdownOutput();
                connection.awaitEnd();
              } catch (SocketException | java.io.EOFException e) {
                // the client had enough, or was closed, before all was written
              }
            });

    file = ONE_LANE;
    for (int i = 0; i < 60; i++) {
      RelayConnection connection = connect(site, secret);
      Tunnel tunnel = connection.open(0, RelayService.SCHEDULER);
      List<Socket> clients = new ArrayList<>();
      for (int j = 0; j < 5; j++) {
        clients.add(client(tunnel));
        writeUnlessClosed(clients.get(j));
      }
      await().until(() -> connection.connects() > 0 && connection.lastFailure().isPresent());
      connection.close();
      for (Socket client : clients) {
        while (!isTurnedAway(client)) {
          assertThat(client.isConnected()).as("seed %d, round %d", seed, i).isTrue();
        }
      }
      await().until(() -> tunnel.connections() == 0);
    }
  }

  /** The nonsense may have come first. */
  private static void writeUnlessClosed(Socket client) throws IOException {
    try {
      client.getOutputStream().write(new byte[1000]);
    } catch (SocketException e) {
      assertThat(isTurnedAway(client)).isTrue();
    }
  }

  @Test
  void aRelayTakesOrEndsWhateverComesAndServesOthersAllTheWhile() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    RelayProcess relay = relayTo(service(RelayFixture::echo));
    RelayConnection connection = connect(siteOf(relay), relay.secret);
    Socket other = client(connection.open(0, RelayService.SCHEDULER));

    for (int i = 0; i < 500; i++) {
      try (RawRelayClient client = new RawRelayClient(relay.address()).introduced(relay.secret)) {
        client.write(nonsense(random));
        client.socket.shutdownOutput();
        client.rest();
      } catch (java.net.SocketException e) {
        // the relay had enough before all was written
      } catch (java.net.SocketTimeoutException e) {
        throw new AssertionError("the relay hangs, seed %d, round %d".formatted(seed, i), e);
      }
      RelayConnectionTest.pingPong(other, i, 2);
    }

    assertThat(connection.connects()).isEqualTo(1);
    assertThat(relay.log()).doesNotContain("Traceback").contains("closing a connection: ");
    await().until(() -> relay.log().endsWith("a client is gone, 1 are left\n"));
  }

  @Test
  void aRelayEndsAClientThatSendsMoreThanItMay() throws Exception {
    RelayProcess relay = relayTo(service(socket -> TimeUnit.SECONDS.sleep(20)));
    RawRelayClient client = closing(new RawRelayClient(relay.address())).introduced(relay.secret);
    client.frame(Frame.DATA, Frame.SYN, 1, 1, (byte) 'S');

    assertThat(client.next()).isEqualTo("0 2 1 1");
    client.frame(Frame.DATA, 0, 1, 300 * 1024);

    assertThat(client.next()).isEqualTo("3 0 0 1");
    assertThat(client.rest()).isEmpty();
    assertThat(relay.log()).contains("more data than the window allows");
  }

  @Test
  void aClientThatAsksAndNeverReadsCostsARelayLittle() throws Exception {
    RelayProcess relay = relayTo(service(RelayFixture::echo));
    long before = memory(relay);
    RawRelayClient client = closing(new RawRelayClient(relay.address())).introduced(relay.secret);
    byte[] pings = new byte[Frame.HEADER * 10_000];
    byte[] ping = RawRelayClient.bytes(Frame.PING, Frame.SYN, 0, 7);
    for (int at = 0; at < pings.length; at += ping.length) {
      System.arraycopy(ping, 0, pings, at, ping.length);
    }
    CompletableFuture<Void> flooding =
        background(
            () -> {
              while (true) {
                client.write(pings);
              }
            });

    await().atMost(LONG).until(() -> relay.log().contains("a client is gone") || flooding.isDone());
    assertThat(memory(relay) - before).isLessThan(20_000);
  }

  @Test
  void moreStreamsThanARelayHasRoomForAreReset() throws Exception {
    ServerSocket scheduler = service(RelayFixture::echo);
    RelayProcess relay = relayTo(scheduler);
    RawRelayClient client = closing(new RawRelayClient(relay.address())).introduced(relay.secret);
    for (int i = 0; i < 513; i++) {
      client.frame(Frame.WINDOW, Frame.SYN, 2 * i + 1, 0);
    }

    assertThat(client.next()).isEqualTo("1 8 1025 0");
  }

  /** Resident memory of a process in KiB. */
  private static long memory(RelayProcess relay) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + relay.process.pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .map(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
