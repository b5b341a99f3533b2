package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.NOW;
import static io.unicoredask.cluster.keeper.Situation.error;
import static io.unicoredask.cluster.keeper.Situation.isDone;
import static io.unicoredask.cluster.keeper.Situation.job;
import static io.unicoredask.cluster.keeper.Situation.message;
import static io.unicoredask.cluster.keeper.Situation.workers;
import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.keeper.Cluster.Growth;
import io.unicoredask.cluster.keeper.WorkerJob.Status;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When a cluster, or what is left of one, is over. */
class EndRulesTest {

  private final Situation tearingDown =
      Situation.of(Phase.TEAR_DOWN).reachable().workers(workers(2, Status.CONNECTED));
  private final Situation restarting =
      Situation.of(Phase.RESTART).reachable().workers(workers(2, Status.CONNECTED));

  @Test
  void teardownClosesThePortsAndEndsAllThatTheSiteKnows() {
    Decision decision = tearingDown.decide();

    assertThat(decision.actions()).containsExactly(new Action.ClosePorts(), new Action.End(true));
    assertThat(decision.begun()).hasSize(1);
  }

  @Test
  void nothingElseIsDoneWhileAClusterIsTornDown() {
    Decision decision = tearingDown.waits(Phase.SCALE_WORKERS, false).asked("workers", 9).decide();

    assertThat(decision.actions()).hasSize(2);
    assertThat(decision.outcomes()).isEmpty();
  }

  @Test
  void eachJobThatIsOverIsPutDown() {
    Decision decision =
        tearingDown.after(new Result.Ended(Set.of(job("worker-1"), job("scheduler")), 1, false));

    assertThat(decision.cluster().workers())
        .extracting(WorkerJob::over)
        .containsExactly(true, false);
    assertThat(decision.cluster().scheduler().over()).isTrue();
    assertThat(decision.note()).isEqualTo("1 jobs aborted, not yet over");
    assertThat(decision.outcomes()).isEmpty();
  }

  @Test
  void aJobThatIsNotKnownToBeSubmittedIsInNobodysWay() {
    Decision decision =
        tearingDown
            .with(cluster -> cluster.withWorkers(List.of(WorkerJob.wanted(7, 1))))
            .after(new Result.Ended(Set.of(job("scheduler")), 1, false));

    assertThat(decision.cluster().workers()).containsExactly(WorkerJob.wanted(7, 1));
  }

  @Test
  void anAllocationThatIsOverIsPutDown() {
    tearingDown.with(
        cluster -> cluster.withAllocation(AllocationJob.wanted().submitted(job("allocation"))));

    assertThat(
            tearingDown
                .after(new Result.Ended(Set.of(job("allocation")), 2, false))
                .cluster()
                .allocation()
                .over())
        .isTrue();
  }

  @Test
  void teardownIsDoneOnlyWhenTheSiteKnowsOfNoOther() {
    Decision seemsOver = tearingDown.after(new Result.Ended(Set.of(), 0, false));
    assertThat(seemsOver.outcomes()).isEmpty();
    assertThat(seemsOver.note()).isEqualTo("making sure that nothing is left");

    Decision over = tearingDown.after(new Result.Ended(Set.of(), 0, true));
    assertThat(isDone(over, Phase.TEAR_DOWN)).isTrue();
    assertThat(over.cluster().connectedWorkers()).isZero();
    assertThat(over.outputs())
        .containsEntry("expectedStart", null)
        .containsEntry("schedulerEndsAt", null);
  }

  @Test
  void aRestartLeavesTheAllocationAndWhatOnlyTheSiteKnows() {
    assertThat(restarting.decide().actions())
        .containsExactly(new Action.ClosePorts(), new Action.End(false));
  }

  @Test
  void aRestartIsDoneWhenAllKnownJobsAreOver() {
    restarting.with(cluster -> cluster.withAdaptedTo(2));
    assertThat(restarting.after(new Result.Ended(Set.of(), 1, false)).outcomes()).isEmpty();

    Decision decision = restarting.after(new Result.Ended(Set.of(), 0, true));
    assertThat(isDone(decision, Phase.RESTART)).isTrue();
    Cluster cluster = decision.cluster();
    assertThat(cluster.scheduler()).isNull();
    assertThat(cluster.workers()).isEmpty();
    assertThat(cluster.nextWorker()).as("no number is used twice").isEqualTo(3);
    assertThat(cluster.growth()).isEqualTo(Growth.NOT_YET);
    assertThat(cluster.adaptedTo()).isNull();
    assertThat(cluster.isReachable()).isFalse();
    assertThat(cluster.localPort()).as("the ports stay the same").isEqualTo(4322);
    assertThat(cluster.schedulerPurpose()).isEqualTo("scheduler-2");
  }

  @Test
  void whatAClusterWasWarnedOfBeforeItsRestartHoldsNoLonger() {
    restarting.with(cluster -> cluster.warnedOf("tunnel: direct, since the relay was silent"));

    assertThat(restarting.after(new Result.Ended(Set.of(), 0, true)).cluster().warnings())
        .isEmpty();
  }

  @Test
  void aRestartLeavesTheRestOfTheLifetime() {
    restarting.asked("lifetime", "PT3H");
    restarting.with(
        cluster -> cluster.withReadySince(NOW.minus(Duration.ofHours(1)).toEpochMilli()));

    assertThat(restarting.after(new Result.Ended(Set.of(), 0, true)).outputs())
        .containsEntry("lifetime", "PT2H");
  }

  @Test
  void whileItIsStartedAnewAClusterDoesNotLive() {
    restarting.asked("lifetime", "PT6H");
    restarting.with(
        cluster -> cluster.withReadySince(NOW.minus(Duration.ofHours(1)).toEpochMilli()));
    Decision lost = restarting.after(new Result.Ended(Set.of(), 0, true));
    assertThat(lost.cluster().readySince()).isNull();

    restarting.seesNothingAfter(Duration.ofHours(20)).waits(Phase.MONITOR, false).reachable();
    restarting.decide();
    restarting.waits(Phase.RESTART, true).seesNothingAfter(Duration.ofHours(2));
    assertThat(restarting.after(new Result.Ended(Set.of(), 0, true)).outputs())
        .containsEntry("lifetime", "PT3H");
  }

  @Test
  void aRestartAfterItsLifetimeLeavesTheLeastThatATimerTakes() {
    restarting.asked("lifetime", "PT3H");
    restarting.with(
        cluster -> cluster.withReadySince(NOW.minus(Duration.ofHours(4)).toEpochMilli()));

    assertThat(restarting.after(new Result.Ended(Set.of(), 0, true)).outputs())
        .containsEntry("lifetime", "PT1S");
  }

  @Test
  void aRestartOfAClusterThatWasNeverReadyLeavesItsLifetime() {
    assertThat(restarting.after(new Result.Ended(Set.of(), 0, true)).outputs()).isEmpty();
  }

  @Test
  void aSchedulerThatIsLostTooOftenIsNotStartedAgain() {
    restarting.asked("maxReplacements", 2).with(cluster -> cluster.withRestarts(2));

    Decision decision = restarting.decide();
    assertThat(error(decision, Phase.RESTART)).isEqualTo(ClusterError.DASK_SCHEDULER_LOST);
    assertThat(message(decision, Phase.RESTART)).contains("2 restarts");
    assertThat(decision.actions()).isEmpty();
  }

  @Test
  void aClusterThatIsTornDownIsNotStartedAnew() {
    tearingDown.waits(Phase.RESTART, true);
    assertThat(tearingDown.decide().actions()).contains(new Action.End(true));

    Decision decision = tearingDown.after(new Result.Ended(Set.of(), 0, false));
    assertThat(decision.outcomes()).isEmpty();
    assertThat(decision.cluster().restarts()).isZero();
  }
}
