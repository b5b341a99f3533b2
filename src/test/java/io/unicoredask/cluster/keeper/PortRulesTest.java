package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.ended;
import static io.unicoredask.cluster.keeper.Situation.error;
import static io.unicoredask.cluster.keeper.Situation.isDone;
import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.request.TunnelKind;
import io.unicoredask.unicore.Job;
import io.unicoredask.unicore.JobStatus;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When the local ports lead to the scheduler, and by which way. */
class PortRulesTest {

  private static final Duration GRACE = Duration.ofSeconds(20);
  private static final TunnelSeen CONNECTED =
      new TunnelSeen.Connected(
          50001, 50002, URI.create("https:/here/status"), Optional.of("Bokeh is missing"));

  private final Situation forwarding = Situation.of(Phase.FORWARD_PORTS).listens();

  @Test
  void thePortsThatAreAskedForArePutOnRecordBeforeTheyAreOpened() {
    Decision decision =
        forwarding.asked("localPort", 5000).asked("connectDashboard", true).decide();

    assertThat(decision.cluster().localPort()).isEqualTo(5000);
    assertThat(decision.cluster().localDashboardPort()).isEqualTo(4323);
    assertThat(decision.outcomes()).isEmpty();
  }

  @Test
  void noPortLeadsToADashboardThatNobodyWants() {
    assertThat(forwarding.decide().cluster().localDashboardPort()).isNull();
  }

  @Test
  void theyAreReadyWhenTheSchedulerHasSpoken() {
    Decision decision = forwarding.seesTunnel(CONNECTED).decide();

    assertThat(isDone(decision, Phase.FORWARD_PORTS)).isTrue();
    assertThat(decision.cluster().reached()).isTrue();
    assertThat(decision.cluster().localPort()).isEqualTo(50001);
    assertThat(decision.cluster().localDashboardPort()).isNull();
    assertThat(decision.cluster().warnings()).isEmpty();
  }

  @Test
  void whereNothingIsReachedItIsSaidThatTheSchedulerListensOnLoopback() {
    forwarding
        .with(cluster -> cluster.withScheduler(cluster.scheduler().withHost("127.0.0.1")))
        .seesTunnel(new TunnelSeen.NotConnected("refused", false));

    assertThat(forwarding.decide().note())
        .startsWith("refused; the scheduler listens at tcp://127.0.0.1:");
  }

  @Test
  void aDashboardWithNothingToSeeIsWarnedOf() {
    Decision decision = forwarding.asked("connectDashboard", true).seesTunnel(CONNECTED).decide();

    assertThat(decision.cluster().localDashboardPort()).isEqualTo(50002);
    assertThat(decision.cluster().dashboard()).isEqualTo(URI.create("https:/here/status"));
    assertThat(decision.cluster().warnings()).containsExactly("connectDashboard: Bokeh is missing");
  }

  @Test
  void afterARestartThePortsStayTheSame() {
    Decision decision =
        forwarding
            .asked("localPort", 5000)
            .with(cluster -> cluster.with().localPort(50001).localDashboardPort(50002).build())
            .decide();

    assertThat(decision.cluster().localPort()).isEqualTo(50001);
    assertThat(decision.cluster().localDashboardPort()).isEqualTo(50002);
  }

  @Test
  void aSiteThatDoesNotSayHowToForwardAPortIsAskedAgain() {
    forwarding.with(cluster -> cluster.withScheduler(cluster.scheduler().withForwarding(null)));

    assertThat(forwarding.seesScheduler(saying(null)).decide().note())
        .isEqualTo(
            "site 'hpc' does not say how to forward a port to the scheduler's job (no link"
                + " 'forwarding')");

    URI link = URI.create("jobs/scheduler/forward-port");
    Decision said = forwarding.seesScheduler(saying(link)).decide();
    assertThat(said.cluster().scheduler().forwarding()).isEqualTo(link);
    assertThat(said.outcomes()).isEmpty();
  }

  @Test
  void aJobThatEndsBeforeTheSiteSaysHowToForwardAPortHasFailed() {
    forwarding.with(cluster -> cluster.withScheduler(cluster.scheduler().withForwarding(null)));
    Decision decision = forwarding.seesScheduler(ended("out of memory")).decide();

    assertThat(error(decision, Phase.FORWARD_PORTS)).isEqualTo(ClusterError.DASK_SCHEDULER_FAILED);
  }

  private static JobSeen saying(URI forwarding) {
    return new JobSeen.Alive(
        new Job(
            JobStatus.RUNNING,
            "",
            null,
            "slurm-1",
            "BATCH",
            "batch",
            null,
            List.of(),
            null,
            forwarding));
  }

  @Test
  void aPortOfSomebodyElsesFails() {
    ClusterException refusal = new ClusterException(ClusterError.DASK_PORT_IN_USE, "taken");
    Decision decision = forwarding.seesTunnel(new TunnelSeen.PortTaken(refusal)).decide();

    assertThat(error(decision, Phase.FORWARD_PORTS)).isEqualTo(ClusterError.DASK_PORT_IN_USE);
  }

  @Test
  void aSchedulerThatCannotBeReachedSinceItsJobIsOverHasFailed() {
    Decision decision =
        forwarding
            .seesTunnel(new TunnelSeen.NotConnected("refused", false))
            .seesScheduler(ended("out of memory"))
            .decide();

    assertThat(error(decision, Phase.FORWARD_PORTS)).isEqualTo(ClusterError.DASK_SCHEDULER_FAILED);
  }

  @Test
  void whyItCannotBeReachedYetIsSaid() {
    Decision decision =
        forwarding.seesTunnel(new TunnelSeen.NotConnected("refused", false)).decide();

    assertThat(decision.note()).isEqualTo("refused");
    assertThat(decision.outcomes()).isEmpty();
  }

  @Test
  void aRelayThatHasComeUpIsUsed() {
    Decision decision = forwarding.seesTunnel(new TunnelSeen.RelayThere()).decide();

    assertThat(decision.cluster().tunnel()).isEqualTo(TunnelKind.RELAY);
    assertThat(decision.outcomes()).isEmpty();
    assertThat(decision.isFound()).as("it is connected to at once").isTrue();
  }

  @Test
  void withoutARelayTheSchedulerIsReachedDirectlyAfterAWhile() {
    forwarding.seesTunnel(new TunnelSeen.NoRelay());
    assertThat(forwarding.decide().cluster().tunnel()).isEqualTo(TunnelKind.AUTO);

    forwarding.seesNothingAfter(GRACE.minusMillis(1)).seesTunnel(new TunnelSeen.NoRelay());
    assertThat(forwarding.decide().cluster().tunnel()).isEqualTo(TunnelKind.AUTO);

    forwarding.seesNothingAfter(Duration.ofMillis(1)).seesTunnel(new TunnelSeen.NoRelay());
    Decision decision = forwarding.decide();
    assertThat(decision.cluster().tunnel()).isEqualTo(TunnelKind.DIRECT);
    assertThat(decision.cluster().warnings())
        .singleElement()
        .asString()
        .startsWith("tunnel: direct, since no relay could be used for 20 s (no relay yet)");
  }

  @Test
  void halfTheTimeIsLeftForReachingItDirectly() {
    forwarding.asked("connectionTimeout", "PT10S").seesTunnel(new TunnelSeen.NoRelay()).decide();
    forwarding.seesNothingAfter(Duration.ofSeconds(5)).seesTunnel(new TunnelSeen.NoRelay());

    assertThat(forwarding.decide().cluster().tunnel()).isEqualTo(TunnelKind.DIRECT);
  }

  @Test
  void whoAsksForARelayGetsNoOtherWay() {
    forwarding.asked("tunnel", "relay").seesTunnel(new TunnelSeen.NoRelay()).decide();
    forwarding.seesNothingAfter(Duration.ofHours(1)).seesTunnel(new TunnelSeen.NoRelay());

    assertThat(forwarding.decide().cluster().tunnel()).isEqualTo(TunnelKind.AUTO);
  }

  @Test
  void aRelayThatIsGoneBeforeItWasUsedIsDoneWithout() {
    TunnelSeen gone = new TunnelSeen.NotConnected("the relay is gone", true);
    forwarding.with(cluster -> cluster.withTunnel(TunnelKind.RELAY)).seesTunnel(gone).decide();
    forwarding.seesNothingAfter(GRACE).seesTunnel(gone);

    assertThat(forwarding.decide().cluster().tunnel()).isEqualTo(TunnelKind.DIRECT);
  }
}
