package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.error;
import static io.unicoredask.cluster.keeper.Situation.isDone;
import static io.unicoredask.cluster.keeper.Situation.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.ClusterError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Processes whose activities come in an order in which they can never be done. */
class OrderRulesTest {

  @ParameterizedTest
  @EnumSource(names = {"AWAIT_SCHEDULER", "FORWARD_PORTS", "MONITOR"})
  void whatNeedsASchedulerFailsWhereNoneWasStarted(Phase phase) {
    Decision decision = Situation.of(phase).decide();

    assertThat(error(decision, phase)).isEqualTo(ClusterError.DASK_INVALID_REQUEST);
    assertThat(message(decision, phase)).contains("${daskStartScheduler}");
  }

  @ParameterizedTest
  @EnumSource(names = {"FORWARD_PORTS", "MONITOR"})
  void whatNeedsASchedulerThatListensFailsWhereNobodyWaitedForThat(Phase phase) {
    Decision decision = Situation.of(phase).hasDirectory().decide();

    assertThat(error(decision, phase)).isEqualTo(ClusterError.DASK_INVALID_REQUEST);
    assertThat(message(decision, phase)).contains("${daskAwaitScheduler}");
  }

  @Test
  void whoStaysWithAClusterNeedsItsPorts() {
    Decision decision = Situation.of(Phase.MONITOR).listens().decide();

    assertThat(message(decision, Phase.MONITOR))
        .isEqualTo(
            "${daskMonitor} cannot be done yet; let ${daskForwardPorts} come before it in the"
                + " process");
  }

  @ParameterizedTest
  @EnumSource(names = {"AWAIT_SCHEDULER", "FORWARD_PORTS", "MONITOR"})
  void whatIsStillToComeAboutMayBeWaitedForBeside(Phase phase) {
    assertThat(Situation.of(Phase.START_SCHEDULER, phase).decide().outcomes()).isEmpty();
  }

  @Test
  void aClusterThatIsTornDownNeedsNothing() {
    assertThat(Situation.of(Phase.MONITOR, Phase.TEAR_DOWN).decide().outcomes()).isEmpty();
  }

  @Test
  void aScalingNeedsNothing() {
    assertThat(isDone(Situation.of(Phase.SCALE_WORKERS).decide(), Phase.SCALE_WORKERS)).isTrue();
  }
}
