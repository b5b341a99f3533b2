package io.unicoredask.cluster.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.FakeSite;
import io.unicoredask.cluster.request.TunnelKind;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.SiteDefaults;
import io.unicoredask.dask.ClusterCertificates;
import io.unicoredask.dask.TlsFile;
import io.unicoredask.tunnel.PortInUseException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whether the scheduler is reached through a local port: it has to speak. */
class PortProbeTest {

  /** What every Dask scheduler says first. */
  private static final String GREETING =
      "3a0000000000000001000000000000002a00000000000000"
          + "83ab636f6d7072657373696f6ec0a6707974686f6e93030b07af7069636b6c652d70726f746f636f6c05";

  private final FakeSite site = new FakeSite("hpc");
  private final FakeTunnels tunnels = new FakeTunnels();
  private final PortProbe probe = new PortProbe(tunnels, new Site(site, null, SiteDefaults.NONE));
  private final Cluster cluster =
      Situation.of()
          .reachable()
          .with(one -> one.with().tunnel(TunnelKind.DIRECT).localPort(4322).build())
          .cluster();
  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    tunnels.port = server.getLocalPort();
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  @Test
  void aSchedulerThatSpeaksIsReached() {
    answer(true);

    assertThat(probe.probe(cluster, false))
        .isInstanceOfSatisfying(
            TunnelSeen.Connected.class,
            connected -> assertThat(connected.localPort()).isEqualTo(tunnels.port));
  }

  @Test
  void aConnectionThatIsAcceptedSaysNothing() {
    answer(false);

    assertThat(reason(probe.probe(cluster, false)))
        .startsWith("connecting to the scheduler: ")
        .contains("closed the connection");
  }

  @Test
  void aSchedulerWithoutTlsIsNotTheOneOfAClusterWithTls() {
    assertThat(reason(probe.probe(cluster, true)))
        .endsWith("its certificates are gone from the directory of its job");

    ClusterCertificates own = ClusterCertificates.of("e1-c1", Instant.now(), Duration.ofDays(1));
    for (TlsFile file : TlsFile.values()) {
      site.has(file.fileName(), own.content(file));
    }
    answer(true);
    assertThat(reason(probe.probe(cluster, true))).contains("no Dask scheduler answers");
  }

  @Test
  void whatTheTunnelKnowsIsSaidBeforeWhatAConnectionSays() {
    answer(false);
    tunnels.lastFailure = "site 'hpc', 4322 => node1:8786: HTTP 403";

    assertThat(reason(probe.probe(cluster, false))).endsWith("HTTP 403");
  }

  @Test
  void aRelayThatIsGoneIsSeenWithThat() {
    answer(false);
    tunnels.relayGone = true;

    assertThat(probe.probe(cluster, false))
        .isInstanceOfSatisfying(
            TunnelSeen.NotConnected.class, not -> assertThat(not.relayGone()).isTrue());
  }

  @Test
  void whileItIsOpenWhichWayItIsReachedTheRelayIsLookedFor() {
    Cluster open = cluster.withTunnel(TunnelKind.AUTO);
    assertThat(probe.probe(open, false)).isInstanceOf(TunnelSeen.NoRelay.class);

    RelayFinderTest.putRelay(site);
    assertThat(probe.probe(open, false)).isInstanceOf(TunnelSeen.RelayThere.class);
  }

  @Test
  void aPortOfSomebodyElsesIsRefusedWithTheNameOfItsVariable() {
    tunnels.taken = true;

    assertThat(probe.probe(cluster, false))
        .isInstanceOfSatisfying(
            TunnelSeen.PortTaken.class,
            taken -> {
              assertThat(taken.refusal().error()).isEqualTo(ClusterError.DASK_PORT_IN_USE);
              assertThat(taken.refusal())
                  .hasMessageStartingWith("localPort = 4322: ")
                  .hasMessageEndingWith("choose another, or 0 for any free one");
            });
    assertThat(
            PortProbe.refused(
                new PortInUseException(4323, "is in use by another process", null), 4322))
        .hasMessageStartingWith("localDashboardPort = 4323: ");
  }

  private void answer(boolean greets) {
    byte[] words = greets ? HexFormat.of().parseHex(GREETING) : new byte[0];
    Thread thread =
        new Thread(
            () -> {
              try (Socket client = server.accept()) {
                client.getOutputStream().write(words);
                client.getOutputStream().flush();
                if (greets) {
                  client.getInputStream().read();
                }
              } catch (IOException e) {
                // the test is over
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private static String reason(TunnelSeen seen) {
    return ((TunnelSeen.NotConnected) seen).reason();
  }
}
