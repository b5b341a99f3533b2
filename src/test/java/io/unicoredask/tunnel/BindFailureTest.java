package io.unicoredask.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Why a local port cannot be listened on, whatever language the system speaks. */
class BindFailureTest {

  private static final LocalHost HERE = LocalHost.loopback();
  private static final BindException IN_USE =
      new BindException("Die Adresse wird bereits verwendet");
  private static final BindException DENIED = new BindException("Keine Berechtigung");

  @Test
  void aPortThatSomebodyHasIsInUse() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      int port = other.getLocalPort();

      assertThat(BindFailure.of(HERE, port, Optional.empty(), IN_USE))
          .isInstanceOf(PortInUseException.class)
          .hasMessage("local port %d is in use by another process".formatted(port));
      assertThat(BindFailure.of(HERE, port, Optional.of("cluster 7"), IN_USE))
          .isInstanceOf(PortInUseException.class)
          .hasMessage("local port %d is in use by cluster 7".formatted(port));
    }
  }

  @Test
  void aPrivilegedPortThatNobodyHasIsNotThisProcesss() {
    assertThat(BindFailure.of(HERE, 1, Optional.empty(), DENIED))
        .isInstanceOf(PortInUseException.class)
        .hasMessage("local port 1 may not be listened on by this process, as those below 1024");
  }

  @Test
  void anAddressThatIsNotThisMachinesHasNoPortToOffer() {
    LocalHost elsewhere = new LocalHost("192.0.2.1", null);

    assertThat(BindFailure.of(elsewhere, 4322, Optional.empty(), new BindException("Ungültig")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("cannot listen on 192.0.2.1:4322: Ungültig; use an address of this machine");
  }
}
