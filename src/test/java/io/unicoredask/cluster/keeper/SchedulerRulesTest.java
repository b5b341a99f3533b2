package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.alive;
import static io.unicoredask.cluster.keeper.Situation.ended;
import static io.unicoredask.cluster.keeper.Situation.endedWell;
import static io.unicoredask.cluster.keeper.Situation.error;
import static io.unicoredask.cluster.keeper.Situation.file;
import static io.unicoredask.cluster.keeper.Situation.isDone;
import static io.unicoredask.cluster.keeper.Situation.job;
import static io.unicoredask.cluster.keeper.Situation.message;
import static io.unicoredask.cluster.keeper.Situation.submits;
import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.keeper.Cluster.Growth;
import io.unicoredask.cluster.request.TunnelKind;
import io.unicoredask.unicore.JobStatus;
import org.junit.jupiter.api.Test;

/** When a scheduler's job has started, and when its scheduler listens. */
class SchedulerRulesTest {

  private final Situation starting = Situation.of(Phase.START_SCHEDULER);
  private final Situation awaiting = Situation.of(Phase.AWAIT_SCHEDULER);

  @Test
  void theJobIsPutOnRecordBeforeItIsSubmitted() {
    Decision decision = starting.decide();

    assertThat(decision.cluster().scheduler()).isEqualTo(SchedulerJob.wanted());
    assertThat(submits(decision)).containsExactly("scheduler");
    assertThat(decision.outcomes()).isEmpty();
  }

  @Test
  void whetherThereIsARelayIsOpenUntilItIsSeen() {
    assertThat(starting.decide().cluster().tunnel()).isEqualTo(TunnelKind.AUTO);
    assertThat(
            Situation.of(Phase.START_SCHEDULER)
                .asked("tunnel", "direct")
                .decide()
                .cluster()
                .tunnel())
        .isEqualTo(TunnelKind.DIRECT);
  }

  @Test
  void afterARestartItIsSubmittedForAnotherPurpose() {
    assertThat(submits(starting.with(cluster -> cluster.withRestarts(1)).decide()))
        .containsExactly("scheduler-2");
  }

  @Test
  void whatMayHaveBeenSubmittedIsSubmittedAgain() {
    starting.decide();
    assertThat(submits(starting.decide())).containsExactly("scheduler");
  }

  @Test
  void aDirectoryThatCannotBeUsedYetIsNotKnown() {
    Decision decision =
        starting.submitted().seesScheduler(alive(JobStatus.QUEUED)).seesDirectory(false).decide();

    assertThat(decision.cluster().scheduler().directory()).isNull();
    assertThat(decision.note()).isEqualTo("scheduler job QUEUED");
  }

  @Test
  void aJobThatRunsHasStarted() {
    Decision decision =
        starting.submitted().seesScheduler(alive(JobStatus.RUNNING)).seesDirectory(true).decide();

    assertThat(isDone(decision, Phase.START_SCHEDULER)).isTrue();
    assertThat(decision.cluster().scheduler().schedulerFile()).isEqualTo("/scratch/1/dask.json");
    assertThat(decision.cluster().scheduler().forwarding()).hasToString("forward/1");
  }

  @Test
  void aJobThatHasWrittenItsFileHasStartedWhateverItsStatusSays() {
    Decision decision =
        starting
            .hasDirectory()
            .seesScheduler(alive(JobStatus.QUEUED))
            .seesFile(new FileSeen.Written(file(8787)))
            .decide();

    assertThat(isDone(decision, Phase.START_SCHEDULER)).isTrue();
    assertThat(decision.cluster().scheduler().addressAtSite()).isEqualTo("tcp://node1:8786");
  }

  @Test
  void aJobThatQueuesHasNotStarted() {
    Decision decision =
        starting
            .hasDirectory()
            .seesScheduler(alive(JobStatus.QUEUED))
            .seesFile(new FileSeen.NotYet())
            .decide();

    assertThat(decision.outcomes()).isEmpty();
  }

  @Test
  void aLookAtTheFileAloneSaysNothingNew() {
    Decision decision = starting.hasDirectory().seesFile(new FileSeen.NotYet()).decide();

    assertThat(decision.isNoteAsBefore()).isTrue();
  }

  @Test
  void aJobThatTheBatchSystemHasNotNamedHasNotStarted() {
    Decision decision =
        starting
            .hasDirectory()
            .seesScheduler(new JobSeen.Alive(job(JobStatus.RUNNING, null, "BATCH")))
            .decide();

    assertThat(decision.outcomes()).isEmpty();
  }

  @Test
  void aSchedulerWithoutTlsIsNoneWhereTlsIsAskedFor() {
    Situation secured = starting.asked("security", "tls").hasDirectory();
    Decision early =
        secured
            .seesScheduler(alive(JobStatus.RUNNING))
            .seesFile(new FileSeen.Written(file(8787)))
            .decide();
    assertThat(early.cluster().scheduler().isListening()).isFalse();

    Decision decision =
        Situation.of(Phase.AWAIT_SCHEDULER)
            .asked("security", "tls")
            .hasDirectory()
            .seesFile(new FileSeen.Written(file(8787)))
            .decide();
    assertThat(decision.cluster().scheduler().isListening()).isFalse();
    assertThat(decision.outcomes().values())
        .singleElement()
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed ->
                assertThat(failed.message())
                    .contains("listens at tcp://node1:8786 without TLS")
                    .contains("environment"));
  }

  @Test
  void aFileThatNamesNoDashboardIsJudgedWhenTheSchedulerIsAwaited() {
    Decision decision =
        starting
            .hasDirectory()
            .seesScheduler(alive(JobStatus.RUNNING))
            .seesFile(new FileSeen.Written(file(null)))
            .decide();

    assertThat(isDone(decision, Phase.START_SCHEDULER)).isTrue();
    assertThat(decision.cluster().scheduler().isListening()).isFalse();
  }

  @Test
  void aJobThatIsOverBeforeItStartedHasFailed() {
    Decision decision = starting.submitted().seesScheduler(ended("no such node")).decide();

    assertThat(error(decision, Phase.START_SCHEDULER))
        .isEqualTo(ClusterError.DASK_SCHEDULER_FAILED);
    assertThat(message(decision, Phase.START_SCHEDULER)).isEqualTo("no such node");
  }

  @Test
  void workersThatQueueTogetherWithTheSchedulerAreWantedOnceItsDirectoryIsKnown() {
    starting.asked("queueWorkers", "together").asked("workers", 2).submitted();
    assertThat(submits(starting.seesScheduler(alive(JobStatus.QUEUED)).decide())).isEmpty();

    Decision decision = starting.seesDirectory(true).decide();
    assertThat(decision.cluster().growth()).isEqualTo(Growth.ON);
    assertThat(submits(decision)).containsExactly("worker-1", "worker-2");
  }

  @Test
  void otherWorkersWaitForTheScheduler() {
    Decision decision =
        starting
            .asked("queueWorkers", "afterScheduler")
            .asked("workers", 2)
            .submitted()
            .seesScheduler(alive(JobStatus.QUEUED))
            .seesDirectory(true)
            .decide();

    assertThat(decision.cluster().growth()).isEqualTo(Growth.NOT_YET);
    assertThat(decision.actions()).isEmpty();
  }

  @Test
  void aSchedulerThatHasWrittenItsFileListens() {
    Decision decision = awaiting.hasDirectory().seesFile(new FileSeen.Written(file(8787))).decide();

    assertThat(isDone(decision, Phase.AWAIT_SCHEDULER)).isTrue();
    assertThat(decision.cluster().scheduler().dashboardPort()).isEqualTo(8787);
  }

  @Test
  void aSchedulerThatIsKnownToListenIsNotAwaited() {
    assertThat(isDone(awaiting.listens().decide(), Phase.AWAIT_SCHEDULER)).isTrue();
  }

  @Test
  void aSchedulerWithoutAnHttpServerFails() {
    Decision decision = awaiting.hasDirectory().seesFile(new FileSeen.Written(file(null))).decide();

    assertThat(error(decision, Phase.AWAIT_SCHEDULER))
        .isEqualTo(ClusterError.DASK_SCHEDULER_FAILED);
    assertThat(message(decision, Phase.AWAIT_SCHEDULER)).contains("services.dashboard");
  }

  @Test
  void aFileThatCannotBeUsedFails() {
    Decision decision =
        awaiting.hasDirectory().seesFile(new FileSeen.Unusable("it is no JSON")).decide();

    assertThat(message(decision, Phase.AWAIT_SCHEDULER)).isEqualTo("it is no JSON");
  }

  @Test
  void aFileThatIsNotThereIsWaitedForAsLongAsTheJobGoesOn() {
    awaiting.hasDirectory().seesFile(new FileSeen.NotYet());

    Decision goesOn = awaiting.seesScheduler(alive(JobStatus.RUNNING)).decide();
    assertThat(goesOn.outcomes()).isEmpty();
    assertThat(goesOn.note()).isEqualTo("no scheduler file yet");

    Decision over = awaiting.seesScheduler(endedWell()).decide();
    assertThat(error(over, Phase.AWAIT_SCHEDULER)).isEqualTo(ClusterError.DASK_SCHEDULER_FAILED);
  }
}
