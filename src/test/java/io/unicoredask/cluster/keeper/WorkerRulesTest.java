package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.alive;
import static io.unicoredask.cluster.keeper.Situation.ended;
import static io.unicoredask.cluster.keeper.Situation.endedWell;
import static io.unicoredask.cluster.keeper.Situation.error;
import static io.unicoredask.cluster.keeper.Situation.has;
import static io.unicoredask.cluster.keeper.Situation.isDone;
import static io.unicoredask.cluster.keeper.Situation.job;
import static io.unicoredask.cluster.keeper.Situation.loaded;
import static io.unicoredask.cluster.keeper.Situation.message;
import static io.unicoredask.cluster.keeper.Situation.names;
import static io.unicoredask.cluster.keeper.Situation.silent;
import static io.unicoredask.cluster.keeper.Situation.submits;
import static io.unicoredask.cluster.keeper.Situation.worker;
import static io.unicoredask.cluster.keeper.Situation.workers;
import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.keeper.Cluster.Growth;
import io.unicoredask.cluster.keeper.WorkerJob.Status;
import io.unicoredask.cluster.request.TunnelKind;
import io.unicoredask.dask.WorkerLoad;
import io.unicoredask.unicore.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How many worker jobs there are, and when a scaling is done or has failed. */
class WorkerRulesTest {

  private final Situation scaling = Situation.of(Phase.SCALE_WORKERS).reachable();
  private final Situation ready = Situation.during(Phase.MONITOR).reachable();

  @Test
  void aScalingBeforeTheSchedulerCanBeReachedIsDoneAtOnce() {
    Situation early =
        Situation.of(Phase.SCALE_WORKERS, Phase.AWAIT_SCHEDULER).asked("workers", 2).hasDirectory();
    Decision decision = early.seesFile(new FileSeen.NotYet()).decide();

    assertThat(isDone(decision, Phase.SCALE_WORKERS)).isTrue();
    assertThat(decision.cluster().growth()).isEqualTo(Growth.NOT_YET);
    assertThat(decision.actions()).isEmpty();
  }

  @Test
  void workersThatAreQueuedTogetherWithTheSchedulerAreSubmittedAlsoWhenItRunsAlready() {
    Decision decision =
        Situation.of(Phase.AWAIT_SCHEDULER)
            .asked("workers", 2)
            .asked("queueWorkers", "together")
            .hasDirectory()
            .with(cluster -> cluster.withGrowth(Growth.ON))
            .seesFile(new FileSeen.NotYet())
            .decide();

    assertThat(submits(decision)).containsExactly("worker-1", "worker-2");
  }

  @Test
  void whatIsWantedIsPutOnRecordBeforeItIsSubmitted() {
    Decision decision = scaling.asked("workers", 2).seesWorkers(has()).decide();

    assertThat(names(decision.cluster(), Status.WANTED)).containsExactly("worker-1", "worker-2");
    assertThat(decision.cluster().nextWorker()).isEqualTo(3);
    assertThat(submits(decision)).containsExactly("worker-1", "worker-2");
    assertThat(decision.note()).isEqualTo("0 of 2 worker jobs submitted");
  }

  @Test
  void aWorkerThatEndsByItselfIsReplacedAndCountsAgainstNothing() {
    ready.asked("workers", 2).asked("maxReplacements", 0).workers(workers(2, Status.CONNECTED));
    Decision decision = ready.seesWorkers(has(2)).seesWorkerJob(1, endedWell()).decide();

    assertThat(submits(decision)).containsExactly("worker-3");
    assertThat(decision.cluster().replacements()).isZero();
    assertThat(decision.scaleFailure()).isEmpty();
  }

  @Test
  void aJobThatEndsWellBeforeItsWorkersEverConnectedIsALossAllTheSame() {
    ready.asked("workers", 1).workers(worker(1, Status.QUEUED));
    Decision decision = ready.seesWorkers(has()).seesWorkerJob(1, endedWell()).decide();

    assertThat(names(decision.cluster(), Status.LOST)).containsExactly("worker-1");
    assertThat(decision.scaleFailure()).isPresent();
  }

  @Test
  void aJobThatGoesOnWithoutItsWorkersIsGivenTimeAndThenEndedAndReplaced() {
    ready.asked("workers", 1).asked("workerLostAfter", "PT1M").workers(worker(1, Status.CONNECTED));
    ready.seesWorkers(has()).seesWorkerJob(1, alive(JobStatus.RUNNING));
    assertThat(names(ready.decide().cluster(), Status.RUNNING)).containsExactly("worker-1");

    ready.seesNothingAfter(Duration.ofSeconds(59));
    ready.seesWorkers(has()).seesWorkerJob(1, alive(JobStatus.RUNNING));
    assertThat(ready.decide().actions()).isEmpty();

    ready.seesNothingAfter(Duration.ofSeconds(1)).seesWorkers(has());
    Decision decision = ready.decide();
    assertThat(names(decision.cluster(), Status.RETIRING)).containsExactly("worker-1");
    assertThat(decision.cluster().replacements()).isEqualTo(1);
    assertThat(submits(decision)).containsExactly("worker-2");
  }

  @Test
  void workersThatTheirNannyBringsBackAreNotMissedAnyMore() {
    ready.asked("workers", 1).workers(worker(1, Status.CONNECTED)).seesWorkers(has()).decide();
    ready.seesNothingAfter(Duration.ofSeconds(59)).seesWorkers(has(1)).decide();
    ready.seesNothingAfter(Duration.ofSeconds(1)).seesWorkers(has());
    Decision decision = ready.decide();

    assertThat(names(decision.cluster(), Status.RETIRING)).isEmpty();
    assertThat(decision.cluster().workers().get(0).connected()).isZero();
  }

  @Test
  void whatIsNotReplacedAnyMoreIsSaid() {
    ready.asked("workers", 1).asked("maxReplacements", 0).workers(worker(1, Status.CONNECTED));
    ready.seesWorkers(has()).decide();
    Decision decision = ready.seesNothingAfter(Duration.ofMinutes(2)).seesWorkers(has()).decide();

    assertThat(decision.scaleFailure().orElseThrow().message())
        .contains("were lost though the jobs go on", "maxReplacements = 0");
  }

  @Test
  void aJobRunsAsManyWorkersAsItHasProcesses() {
    Decision decision =
        scaling.asked("workers", 5).asked("processes", 4).seesWorkers(has()).decide();

    assertThat(decision.cluster().workers()).extracting(WorkerJob::processes).containsOnly(4);
    assertThat(decision.cluster().workers()).hasSize(2);
  }

  @Test
  void ofManyJobsFiftyAreSubmittedAtOnce() {
    scaling.asked("workers", 120).seesWorkers(has());

    assertThat(submits(scaling.decide())).hasSize(50);
    assertThat(submits(scaling.decide())).hasSize(50).first().isEqualTo("worker-1");
    assertThat(scaling.cluster().workers()).hasSize(50);
  }

  @Test
  void aNumberIsNeverUsedTwice() {
    Decision decision =
        scaling
            .asked("workers", 1)
            .with(cluster -> cluster.withNextWorker(7))
            .seesWorkers(has())
            .decide();

    assertThat(submits(decision)).containsExactly("worker-7");
  }

  @Test
  void withoutWaitForStartupAScalingIsDoneWhenAllAreSubmitted() {
    scaling.asked("workers", 2).asked("waitForStartup", false).seesWorkers(has());
    assertThat(
            scaling.workers(worker(1, Status.QUEUED), worker(2, Status.WANTED)).decide().outcomes())
        .isEmpty();
    assertThat(isDone(scaling.workers(workers(2, Status.QUEUED)).decide(), Phase.SCALE_WORKERS))
        .isTrue();
  }

  @Test
  void aScalingIsDoneWhenAllWorkersHaveConnected() {
    scaling.asked("workers", 2).workers(workers(2, Status.QUEUED));

    Decision one = scaling.seesWorkers(has(1)).seesWorkerJob(2, alive(JobStatus.RUNNING)).decide();
    assertThat(one.outcomes()).isEmpty();
    assertThat(one.note()).isEqualTo("1 of 2 workers connected");
    assertThat(names(one.cluster(), Status.CONNECTED)).containsExactly("worker-1");
    assertThat(names(one.cluster(), Status.RUNNING)).containsExactly("worker-2");

    assertThat(isDone(scaling.seesWorkers(has(1, 2)).decide(), Phase.SCALE_WORKERS)).isTrue();
    assertThat(names(scaling.cluster(), Status.CONNECTED)).hasSize(2);
  }

  @Test
  void ofWorkersThatDoNotConnectItIsSaidThatTheSchedulerListensOnLoopback() {
    Instant start = Situation.NOW.minusSeconds(20);
    WorkerJob running = worker(1, Status.RUNNING).withTimes(new JobTimes(null, start, null));
    scaling.asked("workers", 1).workers(running).with(cluster -> at(cluster, "127.0.1.1"));

    assertThat(scaling.seesWorkers(has()).decide().note()).isEqualTo("0 of 1 workers connected");
    scaling.seesNothingAfter(Duration.ofSeconds(11)).seesWorkers(has());
    assertThat(scaling.decide().note())
        .startsWith("0 of 1 workers connected; the scheduler listens at tcp://127.0.1.1:");

    scaling.with(cluster -> at(cluster, "node1"));
    assertThat(scaling.decide().note()).isEqualTo("0 of 1 workers connected");
  }

  private static Cluster at(Cluster cluster, String host) {
    return cluster.withScheduler(cluster.scheduler().withHost(host));
  }

  @Test
  void aSchedulerThatDoesNotTellItsWorkersApartCountsThem() {
    scaling.asked("workers", 2).workers(workers(2, Status.QUEUED));
    WorkersSeen two =
        new WorkersSeen.Told(2, Optional.empty(), Optional.empty(), OptionalInt.empty(), false);

    assertThat(isDone(scaling.seesWorkers(two).decide(), Phase.SCALE_WORKERS)).isTrue();
  }

  @Test
  void aScalingToNoneIsDoneWhenNoneIsLeft() {
    assertThat(isDone(scaling.asked("workers", 0).seesWorkers(has()).decide(), Phase.SCALE_WORKERS))
        .isTrue();
  }

  @Test
  void aLostJobThatWasConnectedIsReplaced() {
    scaling.asked("workers", 2).workers(workers(2, Status.CONNECTED));
    Decision decision = scaling.seesWorkers(has(1)).seesWorkerJob(2, ended("killed")).decide();

    assertThat(submits(decision)).containsExactly("worker-3");
    assertThat(decision.cluster().replacements()).isEqualTo(1);
    assertThat(decision.outcomes()).isEmpty();
  }

  @Test
  void aJobThatNeverConnectedEndsTheScaling() {
    Situation begun =
        Situation.during(Phase.SCALE_WORKERS)
            .reachable()
            .asked("workers", 2)
            .workers(worker(1, Status.CONNECTED), worker(2, Status.QUEUED));
    Decision decision = begun.seesWorkers(has(1)).seesWorkerJob(2, ended("no dask")).decide();

    assertThat(error(decision, Phase.SCALE_WORKERS)).isEqualTo(ClusterError.DASK_WORKER_FAILED);
    assertThat(message(decision, Phase.SCALE_WORKERS)).isEqualTo("no dask");
    assertThat(decision.cluster().growth()).isEqualTo(Growth.STOPPED);
    assertThat(decision.actions()).isEmpty();
  }

  @Test
  void aJobThatEndedBeforeTheSchedulerCameUpIsReplaced() {
    scaling.asked("workers", 1).workers(worker(1, Status.QUEUED));
    Decision decision = scaling.seesWorkers(has()).seesWorkerJob(1, endedWell()).decide();

    assertThat(decision.outcomes()).isEmpty();
    assertThat(submits(decision)).containsExactly("worker-2");
  }

  @Test
  void aScalingEndsWhenMoreAreLostThanMayBeReplaced() {
    scaling.asked("workers", 1).asked("maxReplacements", 0).workers(worker(1, Status.CONNECTED));
    Decision decision = scaling.seesWorkers(has()).seesWorkerJob(1, ended("killed")).decide();

    assertThat(message(decision, Phase.SCALE_WORKERS)).isEqualTo("killed");
  }

  @Test
  void aReadyClusterReplacesWhatItLost() {
    ready.asked("workers", 2).workers(workers(2, Status.CONNECTED));
    Decision decision = ready.seesWorkers(has(2)).seesWorkerJob(1, ended("killed")).decide();

    assertThat(submits(decision)).containsExactly("worker-3");
    assertThat(decision.cluster().workers())
        .extracting(WorkerJob::name)
        .containsExactly("worker-2", "worker-3");
    assertThat(decision.scaleFailure()).isEmpty();
  }

  @Test
  void whatAReadyClusterHasReplacedIsReplacedOnceAndThenAllIsQuiet() {
    ready.asked("workers", 2).workers(workers(2, Status.CONNECTED));
    ready.seesWorkers(has(2)).seesWorkerJob(1, ended("killed")).decide();
    ready.after(new Result.Submitted("worker-3", job("worker-3"), Optional.empty()));
    ready.seesNothingAfter(Duration.ofSeconds(1)).seesWorkers(has(2));
    Cluster queued = ready.cluster();

    for (int look = 0; look < 3; look++) {
      Decision decision = ready.decide();
      assertThat(decision.actions()).isEmpty();
      assertThat(decision.cluster()).isEqualTo(queued);
      assertThat(decision.outputs()).isEmpty();
    }
    assertThat(queued.replacements()).isEqualTo(1);
  }

  @Test
  void moreAreLostThanMayBeReplacedIsSaid() {
    ready.asked("workers", 2).asked("maxReplacements", 1).workers(workers(2, Status.CONNECTED));
    ready.seesWorkers(has()).seesWorkerJob(1, ended("a")).seesWorkerJob(2, ended("b"));

    Decision decision = ready.decide();
    assertThat(decision.scaleFailure().orElseThrow().message())
        .isEqualTo(
            "2 of 2 worker jobs ended unexpectedly (worker-1, worker-2); not replaced, since 0 were"
                + " already and maxReplacements = 1");
    assertThat(decision.actions()).isEmpty();
    assertThat(decision.outcomes()).isEmpty();

    assertThat(ready.decide().scaleFailure()).as("said once").isEmpty();
  }

  @Test
  void jobsOfAReadyClusterThatNeverConnectedAreNotReplaced() {
    ready.asked("workers", 1).workers(worker(1, Status.QUEUED));
    Decision decision = ready.seesWorkers(has()).seesWorkerJob(1, ended("no dask")).decide();

    assertThat(decision.scaleFailure().orElseThrow().message()).contains("never been connected");
    assertThat(names(decision.cluster(), Status.LOST)).containsExactly("worker-1");
  }

  @Test
  void theDemandForAnotherSizeForgetsWhatFailed() {
    Decision decision =
        scaling
            .asked("workers", 1)
            .workers(worker(1, Status.LOST))
            .with(cluster -> cluster.withGrowth(Growth.STOPPED))
            .seesWorkers(has())
            .decide();

    assertThat(submits(decision)).containsExactly("worker-2");
    assertThat(decision.cluster().growth()).isEqualTo(Growth.ON);
    assertThat(decision.outputs())
        .containsEntry("scaleErrorCode", null)
        .containsEntry("scaleErrorMessage", null);
  }

  @Test
  void afterAFailureNothingIsSubmittedUntilAnotherSizeIsWanted() {
    ready
        .asked("workers", 3)
        .workers(worker(1, Status.CONNECTED))
        .with(cluster -> cluster.withGrowth(Growth.STOPPED));

    assertThat(ready.seesWorkers(has(1)).decide().actions()).isEmpty();
    assertThat(submits(ready.waits(Phase.SCALE_WORKERS, false).decide())).hasSize(2);
  }

  @Test
  void aJobOfWhichNothingIsKnownIsNotLost() {
    JobSeen unknown = new JobSeen.Unknown(null);
    scaling.asked("workers", 2).workers(worker(1, Status.QUEUED), worker(2, Status.CONNECTED));
    Decision decision = scaling.seesWorkers(has()).seesWorkerJob(1, unknown).decide();

    assertThat(names(decision.cluster(), Status.QUEUED)).containsExactly("worker-1");
    assertThat(names(decision.cluster(), Status.RUNNING)).containsExactly("worker-2");
  }

  @Test
  void surplusJobsAreMarkedBeforeTheyAreEnded() {
    Decision decision =
        scaling
            .asked("workers", 1)
            .workers(workers(3, Status.CONNECTED))
            .seesWorkers(has(1, 2, 3))
            .decide();

    assertThat(names(decision.cluster(), Status.RETIRING)).containsExactly("worker-2", "worker-3");
    assertThat(decision.actions())
        .containsExactly(new Action.Retire(decision.cluster().workersThatAre(Status.RETIRING)));
    assertThat(decision.outcomes()).isEmpty();
    assertThat(decision.note()).isEqualTo("retiring 2 worker jobs");
  }

  @Test
  void theJobsThatAreMissedLeastAreSurplus() {
    WorkersSeen.Told told =
        loaded(
            has(1, 2, 3, 4),
            new WorkerLoad("worker-1", 0, 0),
            new WorkerLoad("worker-2", 0, 5),
            new WorkerLoad("worker-3", 2, 0),
            new WorkerLoad("worker-4", 1, 0));
    scaling.asked("workers", 2).workers(workers(5, Status.CONNECTED));

    assertThat(names(scaling.seesWorkers(told).decide().cluster(), Status.RETIRING))
        .containsExactly("worker-1", "worker-2", "worker-5");
  }

  @Test
  void whatRetiresIsEndedAgainUntilItIsOver() {
    scaling.asked("workers", 1).workers(workers(2, Status.CONNECTED)).seesWorkers(has(1, 2));
    Decision decision = scaling.decide();
    assertThat(scaling.decide().actions()).isEqualTo(decision.actions());

    Decision retired = scaling.after(new Result.Retired(Set.of(2), true));
    assertThat(retired.cluster().workers()).extracting(WorkerJob::number).containsExactly(1);
    assertThat(retired.cluster().warnings()).isEmpty();
    assertThat(isDone(scaling.seesWorkers(has(1)).decide(), Phase.SCALE_WORKERS)).isTrue();
  }

  @Test
  void dataThatMayBeLostIsWarnedOf() {
    scaling.workers(worker(1, Status.RETIRING));

    assertThat(scaling.after(new Result.Retired(Set.of(1), false)).cluster().warnings())
        .singleElement()
        .asString()
        .contains("HTTP API is off");
  }

  @Test
  void aSilentSchedulerIsAnObstacleToAScaling() {
    Decision decision = scaling.asked("workers", 1).seesWorkers(silent(false)).decide();

    assertThat(decision.obstacle()).isPresent();
    assertThat(decision.outcomes()).isEmpty();
  }

  @Test
  void aScalingFailsWhenTheSchedulerIsOver() {
    scaling.seesWorkers(silent(false));

    Decision killed = scaling.seesScheduler(ended("out of memory")).decide();
    assertThat(error(killed, Phase.SCALE_WORKERS)).isEqualTo(ClusterError.DASK_SCHEDULER_LOST);

    scaling.waits(Phase.SCALE_WORKERS, true).seesScheduler(endedWell());
    assertThat(message(scaling.decide(), Phase.SCALE_WORKERS))
        .isEqualTo("the scheduler has ended by itself");
  }

  @Test
  void aRelayThatIsGoneWhileWorkersAreAwaitedIsDoneWithout() {
    scaling.asked("workers", 1).seesWorkers(silent(true)).decide();
    scaling.seesNothingAfter(Duration.ofSeconds(20)).seesWorkers(silent(true));

    assertThat(scaling.decide().cluster().tunnel()).isEqualTo(TunnelKind.DIRECT);
  }
}
