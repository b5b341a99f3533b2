package io.unicoredask.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What becomes of the bytes, and of the ends of the streams, of clients that share a connection.
 */
@Timeout(60)
class RelayConnectionTest extends RelayFixture {

  @ParameterizedTest
  @EnumSource
  void bytesGoBothWays(Transport transport) throws Exception {
    Tunnel tunnel = relayed(transport, RelayFixture::echo);

    Socket client = client(tunnel);
    client.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
    client.shutdownOutput();

    assertThat(text(client.getInputStream().readAllBytes())).isEqualTo("hello");
    await().until(() -> tunnel.connections() == 0);
    assertThat(tunnel.lastFailure()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void muchDataBothWaysAtOnceArrivesUnchanged(Transport transport) throws Exception {
    RandomStream down = new RandomStream(3, 64 << 20);
    RandomStream up = new RandomStream(4, 64 << 20);
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
    assertThat(arrived.get(20, TimeUnit.SECONDS)).isEqualTo(up.checksum());
    sending.get(20, TimeUnit.SECONDS);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
