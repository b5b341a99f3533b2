package io.unicoredask.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unicoredask.tunnel.FarEnd;
import io.unicoredask.tunnel.Transport;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An agent, played by the test, that makes no sense: the cluster goes on without it. */
class AgentNonsenseTest extends RelayFixture {

  private static final int MEBIBYTE = 1 << 20;

  private RelayProcess relay;
  private RelayConnection connection;
  private OutputStream agent;

  @BeforeEach
  void connect() throws IOException {
    ServerSocket scheduler = service(RelayFixture::echo);
    relay = closing(new RelayProcess(Files.createTempDirectory("relay"), "--agent"));
    agent = relay.process.getOutputStream();
    relay.writeSchedulerFile(scheduler.getLocalPort(), null);
    RelayFile file = relay.address();
    FarEnd site =
        farEnd(Transport.PLAIN, connected -> FarEnd.pipe(connected, file.host(), file.port()));
    connection =
        closing(
            RelayConnection.open(
                factory, forwarding(site.endpoint(), null), relay.secret, file, () -> {}));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no JSON at all",
        "[]",
        "{\"came\": 7}",
        "{\"answer\": 99}",
        "{\"agent\": 1, \"dashboard\": \"file:/etc/passwd\"}\n{\"complete\": true}"
      })
  void whatMakesNoSenseIsTheEndOfTheAgentAlone(String lines) throws Exception {
    says("{\"agent\": 1}\n{\"complete\": true}");
    await().until(() -> connection.agent().orElseThrow().report().isPresent());

    says(lines);

    await().until(() -> connection.agent().orElseThrow().failure().isPresent());
    assertThatTheSchedulerIsReached();
  }

  @Test
  void aMessageOfAHundredMebibytesIsNotTakenIn() throws Exception {
    says("{\"agent\": 1}\n{\"complete\": true}");
    byte[] part = "x".repeat(MEBIBYTE).getBytes(UTF_8);
    for (int i = 0; i < 100; i++) {
      agent.write(part);
    }
    agent.flush();

    await().until(() -> connection.agent().orElseThrow().failure().isPresent());
    assertThatTheSchedulerIsReached();
  }

  @Test
  void aLineThatOnlyTheRelayTakesIsNotTakenInHere() throws Exception {
    says("{\"agent\": 1}\n{\"complete\": true}");
    await().until(() -> connection.agent().orElseThrow().report().isPresent());

    says("{\"came\": {\"tcp://a:1\": \"%s\"}}".formatted("x".repeat(6 * MEBIBYTE)));

    await().until(() -> connection.agent().orElseThrow().failure().isPresent());
    assertThat(connection.agent().orElseThrow().failure()).get().asString().contains("4 MiB");
    assertThatTheSchedulerIsReached();
  }

  private void says(String lines) throws IOException {
    agent.write((lines + "\n").getBytes(UTF_8));
    agent.flush();
  }

  private void assertThatTheSchedulerIsReached() throws Exception {
    await().until(connection::isConnected);
    Socket client = client(connection.open(0, RelayService.SCHEDULER));
    client.getOutputStream().write("still there".getBytes(UTF_8));
    client.shutdownOutput();
    assertThat(new String(client.getInputStream().readAllBytes(), UTF_8)).isEqualTo("still there");
    assertThat(relay.process.isAlive()).isTrue();
  }
}
