package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.ClusterException;
import java.net.URI;
import java.util.Optional;

/** What an attempt to reach the scheduler through the local ports has shown. */
sealed interface TunnelSeen {

  /** The relay has come up. */
  record RelayThere() implements TunnelSeen {}

  /** There is no relay, or not yet. */
  record NoRelay() implements TunnelSeen {}

  /**
   * The scheduler has spoken.
   *
   * @param localPort the local port that leads to it
   * @param localDashboardPort the local port that leads to its HTTP server
   * @param dashboard the dashboard's scheme and path
   * @param missingDashboard why there is nothing to see on the dashboard
   */
  record Connected(
      int localPort, int localDashboardPort, URI dashboard, Optional<String> missingDashboard)
      implements TunnelSeen {}

  /**
   * It has not spoken.
   *
   * @param reason why not
   * @param relayGone whether its relay cannot be found, though its site is there
   */
  record NotConnected(String reason, boolean relayGone) implements TunnelSeen {}

  /** A local port is somebody else's: choosing another is the user's business. */
  record PortTaken(ClusterException refusal) implements TunnelSeen {}
}
