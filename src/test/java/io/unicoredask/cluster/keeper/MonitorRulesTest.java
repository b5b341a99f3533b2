package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.NOW;
import static io.unicoredask.cluster.keeper.Situation.alive;
import static io.unicoredask.cluster.keeper.Situation.ended;
import static io.unicoredask.cluster.keeper.Situation.endedWell;
import static io.unicoredask.cluster.keeper.Situation.error;
import static io.unicoredask.cluster.keeper.Situation.has;
import static io.unicoredask.cluster.keeper.Situation.isDone;
import static io.unicoredask.cluster.keeper.Situation.message;
import static io.unicoredask.cluster.keeper.Situation.silent;
import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.request.TunnelKind;
import io.unicoredask.unicore.BatchState;
import io.unicoredask.unicore.JobDetails;
import io.unicoredask.unicore.JobStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What becomes of a cluster that is ready. */
class MonitorRulesTest {

  private final Situation ready = Situation.of(Phase.MONITOR).reachable();

  @Test
  void aClusterIsReadyFromTheFirstLookOn() {
    assertThat(ready.decide().cluster().readySince()).isEqualTo(NOW.toEpochMilli());
    assertThat(ready.seesNothingAfter(Duration.ofHours(1)).decide().cluster().readySince())
        .isEqualTo(NOW.toEpochMilli());
  }

  @Test
  void aSchedulerThatAnswersGoesOn() {
    Decision decision = ready.seesWorkers(has()).decide();

    assertThat(decision.outcomes()).isEmpty();
    assertThat(decision.obstacle()).isEmpty();
    assertThat(decision.cluster().connectedWorkers()).isZero();
  }

  @Test
  void aSilentSchedulerWhoseJobGoesOnIsAnObstacle() {
    Decision decision =
        ready.seesWorkers(silent(false)).seesScheduler(alive(JobStatus.RUNNING)).decide();

    assertThat(decision.outcomes()).isEmpty();
    assertThat(decision.obstacle()).isPresent();
    assertThat(decision.note()).endsWith("the scheduler does not answer");
  }

  @Test
  void aSilentSchedulerThatEndedWellEndsTheCluster() {
    Decision decision = ready.seesWorkers(silent(false)).seesScheduler(endedWell()).decide();

    assertThat(isDone(decision, Phase.MONITOR)).isTrue();
  }

  @Test
  void aSilentSchedulerThatWasKilledIsLost() {
    Decision decision = ready.seesWorkers(silent(false)).seesScheduler(ended("killed")).decide();

    assertThat(error(decision, Phase.MONITOR)).isEqualTo(ClusterError.DASK_SCHEDULER_LOST);
    assertThat(message(decision, Phase.MONITOR)).isEqualTo("killed");
  }

  @Test
  void workThatWasDeletedEndsTheCluster() {
    assertThat(error(ready.workDeleted().seesWorkers(has()).decide(), Phase.MONITOR))
        .isEqualTo(ClusterError.DASK_WORK_DELETED);
  }

  @Test
  void aRelayThatIsGoneIsDoneWithoutAfterAWhile() {
    ready.seesWorkers(silent(true));
    assertThat(ready.decide().obstacle()).as("it may be back within seconds").isEmpty();
    ready.seesNothingAfter(Duration.ofSeconds(19)).seesWorkers(silent(true));
    assertThat(ready.decide().obstacle()).isPresent();
    ready.seesNothingAfter(Duration.ofSeconds(1)).seesWorkers(silent(true));

    assertThat(ready.decide().cluster().tunnel()).isEqualTo(TunnelKind.DIRECT);
  }

  @Test
  void aRelayThatSaidGoodbyeIsBelievedUnlessTheBatchSystemKnowsBetter() {
    WorkersSeen.Silent goodbye = new WorkersSeen.Silent(silent(true).reason(), true, true);
    ready.seesWorkers(goodbye).seesScheduler(alive(JobStatus.RUNNING)).decide();
    ready.seesNothingAfter(Duration.ofMinutes(5));
    ready.seesWorkers(goodbye).seesScheduler(alive(JobStatus.RUNNING));
    assertThat(ready.decide().cluster().tunnel()).isEqualTo(TunnelKind.RELAY);

    JobSeen.Alive runs = said(BatchState.RUNNING);
    ready.seesWorkers(goodbye).seesScheduler(runs).decide();
    ready.seesNothingAfter(Duration.ofMinutes(5)).seesWorkers(goodbye).seesScheduler(runs);
    assertThat(ready.decide().cluster().tunnel()).isEqualTo(TunnelKind.DIRECT);
  }

  @Test
  void anIdleTimeThatEndsTheClusterIsNamed() {
    ready.asked("idleTimeout", "PT20S");
    ready.seesWorkers(
        new WorkersSeen.Told(0, has().workers(), Optional.empty(), OptionalInt.empty(), true));
    ready.decide();
    Decision decision = ready.seesWorkers(silent(false)).seesScheduler(endedWell()).decide();

    assertThat(isDone(decision, Phase.MONITOR)).isTrue();
    assertThat(decision.cluster().warnings())
        .singleElement()
        .asString()
        .contains("nothing to do for idleTimeout = PT20S");
  }

  private static JobSeen.Alive said(BatchState state) {
    JobDetails details =
        new JobDetails(state, state.name(), null, NOW, NOW.plusSeconds(3600), null, null, null);
    return new JobSeen.Alive(alive(JobStatus.RUNNING).job(), Optional.of(details));
  }

  @Test
  void aJobThatIsBeingEndedSaysNothingOfItsTime() {
    Decision decision =
        ready.seesWorkers(silent(false)).seesScheduler(said(BatchState.ENDING)).decide();

    assertThat(decision.cluster().schedulerEnd()).isNull();
    assertThat(decision.cluster().warnings()).isEmpty();
  }

  @Test
  void whenTheSchedulersTimeIsOverIsKnownFromTheBatchSystem() {
    Decision decision =
        ready.seesWorkers(silent(false)).seesScheduler(said(BatchState.RUNNING)).decide();

    assertThat(decision.cluster().scheduler().times().end()).isEqualTo(NOW.plusSeconds(3600));
  }

  @Test
  void aRelayThatIsBackIsUsed() {
    ready.seesWorkers(silent(true)).decide();
    ready.seesWorkers(has()).decide();
    ready.seesNothingAfter(Duration.ofMinutes(1)).seesWorkers(silent(true));

    assertThat(ready.decide().cluster().tunnel()).isEqualTo(TunnelKind.RELAY);
  }
}
