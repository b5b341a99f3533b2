package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.keeper.TunnelSeen.Connected;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.request.TunnelKind;

/**
 * Has local ports lead to the scheduler and its HTTP server. They are ready when the scheduler has
 * spoken through them: that a connection is accepted says nothing.
 */
final class PortRules {

  private PortRules() {}

  static void forward(Decision decision, Observation seen) {
    if (!decision.awaits(Phase.FORWARD_PORTS)) {
      return;
    }
    decision.begins(Phase.FORWARD_PORTS);
    if (decision.cluster().localPort() == null) {
      choosePorts(decision);
    }
    decision.note("opening the local ports");
    if (!canForward(decision, seen)) {
      return;
    }
    TunnelSeen tunnel = seen.tunnel().orElse(null);
    if (tunnel instanceof Connected connected) {
      connected(decision, connected);
    } else if (tunnel instanceof TunnelSeen.PortTaken taken) {
      decision.tell(Phase.FORWARD_PORTS, Outcome.Failed.of(taken.refusal()));
    } else if (!SchedulerRules.failed(decision, seen, Phase.FORWARD_PORTS)) {
      if (tunnel instanceof TunnelSeen.RelayThere) {
        decision.change(cluster -> cluster.withTunnel(TunnelKind.RELAY));
        decision.note("connecting to the relay");
        decision.found();
      } else if (tunnel instanceof TunnelSeen.NoRelay) {
        decision.note("no relay yet");
        RelayFallback.consider(decision, decision.note(), seen.at());
      } else if (tunnel instanceof TunnelSeen.NotConnected not) {
        decision.note(not.reason() + decision.cluster().scheduler().reachHint());
        if (not.relayGone()) {
          RelayFallback.consider(decision, not.reason(), seen.at());
        }
      }
    }
  }

  /**
   * The site says where a port is forwarded from, if it did not when the job left the queue: what
   * it says of a job lags behind.
   */
  private static boolean canForward(Decision decision, Observation seen) {
    SchedulerJob scheduler = decision.cluster().scheduler();
    if (scheduler == null || scheduler.forwarding() != null) {
      return true;
    }
    if (seen.scheduler().orElse(null) instanceof JobSeen.Alive alive
        && alive.job().forwarding() != null) {
      decision.change(
          cluster -> cluster.withScheduler(scheduler.withForwarding(alive.job().forwarding())));
    } else if (!SchedulerRules.failed(decision, seen, Phase.FORWARD_PORTS)) {
      decision.note(
          "site '%s' does not say how to forward a port to the scheduler's job (no link 'forwarding')"
              .formatted(decision.cluster().site()));
    }
    return false;
  }

  /** After a restart they stay the same. */
  private static void choosePorts(Decision decision) {
    ClusterRequest wanted = decision.demand().request();
    decision.change(
        cluster ->
            cluster
                .with()
                .localPort(wanted.localPort())
                .localDashboardPort(wanted.connectDashboard() ? wanted.localDashboardPort() : null)
                .build());
  }

  private static void connected(Decision decision, Connected connected) {
    boolean dashboard = decision.cluster().localDashboardPort() != null;
    decision.change(
        cluster ->
            cluster
                .with()
                .localPort(connected.localPort())
                .localDashboardPort(dashboard ? connected.localDashboardPort() : null)
                .dashboard(connected.dashboard())
                .reached(true)
                .build());
    if (dashboard) {
      connected
          .missingDashboard()
          .ifPresent(
              reason ->
                  decision.change(cluster -> cluster.warnedOf("connectDashboard: " + reason)));
    }
    decision.remember(memory -> memory.withRelayMissingSince(null));
    decision.done(Phase.FORWARD_PORTS);
  }
}
