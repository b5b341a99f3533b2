package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.NOW;
import static io.unicoredask.cluster.keeper.Situation.execution;
import static io.unicoredask.cluster.keeper.Situation.job;
import static io.unicoredask.cluster.keeper.Situation.workers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.unicoredask.cluster.FakeSite;
import io.unicoredask.cluster.keeper.WorkerJob.Status;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.SiteDefaults;
import io.unicoredask.dask.WorkerLoad;
import io.unicoredask.unicore.BatchState;
import io.unicoredask.unicore.JobDetails;
import io.unicoredask.unicore.JobStatus;
import io.unicoredask.unicore.UnicoreException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is asked for in a look, and what is not. */
class ObserverTest {

  private static final String FILE =
      """
      {"type": "Scheduler", "id": "Scheduler-1", "address": "tcp://node1:8786",
       "services": {"dashboard": 8787}, "started": 1767268800.5}
      """;

  private final FakeSite site = new FakeSite("hpc");
  private final FakeTunnels tunnels = new FakeTunnels();
  private final FakeScheduler scheduler = tunnels.scheduler;
  private final Observer observer =
      new Observer(new Site(site, null, SiteDefaults.NONE), tunnels, new Hints());

  // What waits for nothing at the site

  @ParameterizedTest
  @EnumSource(names = {"TEAR_DOWN", "RESTART"})
  void nothingIsAskedAboutAClusterThatIsToEnd(Phase phase) {
    Observation seen = look(reachable(), phase, Phase.MONITOR, Phase.START_SCHEDULER);

    assertThat(seen).isEqualTo(Observation.at(NOW));
    assertThat(site.calls()).isEmpty();
    assertThat(scheduler.calls).isEmpty();
  }

  @Test
  void nothingIsAskedAboutJobsThatAreNotSubmitted() {
    look(Situation.of(), Phase.ALLOCATE, Phase.START_SCHEDULER);

    assertThat(site.calls()).isEmpty();
  }

  // The allocation

  @Test
  void anAllocationIsAskedAboutWhileItIsWaitedFor() {
    site.add("allocation", JobStatus.QUEUED);

    assertThat(look(allocated(Situation.of()), Phase.ALLOCATE).allocation().orElseThrow())
        .isInstanceOf(JobSeen.Alive.class);
  }

  @Test
  void anAllocationThatTheSiteDoesNotShowUsIsSomebodyElses() {
    site.add("allocation", JobStatus.RUNNING);
    site.refuses("job jobs/allocation", 403);

    assertThat(look(allocated(Situation.of()), Phase.ALLOCATE).allocation().orElseThrow())
        .isEqualTo(new JobSeen.NotOurs("us"));
  }

  @Test
  void theEndOfTheAllocationIsSeenWithTheJobsInIt() {
    site.add("allocation", JobStatus.FAILED);
    site.add("scheduler", JobStatus.QUEUED);

    assertThat(look(allocated(submitted()), Phase.START_SCHEDULER).endOfAllocation().orElseThrow())
        .contains("allocation job", "FAILED");
  }

  @Test
  void anAllocationThatIsBeingEndedHasEndedAMomentLater() {
    site.add("allocation", JobStatus.RUNNING);
    site.add("scheduler", JobStatus.RUNNING);
    site.has("UNICORE_SCRIPT_EXIT_CODE", "0\n"); // of salloc, which has long ended
    site.says(
        job("allocation"),
        new JobDetails(BatchState.ENDING, "COMPLETING", null, null, null, null, null, null));
    Situation cluster = allocated(submitted());
    lookAt(NOW, cluster, Phase.START_SCHEDULER);

    assertThat(lookAt(NOW, cluster, Phase.START_SCHEDULER).endOfAllocation()).isEmpty();
    assertThat(
            lookAt(NOW.plusMillis(500), cluster, Phase.START_SCHEDULER)
                .endOfAllocation()
                .orElseThrow())
        .contains("the allocation job", "is being ended by the batch system");
  }

  // The scheduler's job

  @Test
  void aJobThatQueuesAnewIsAskedForItsStatusAndItsFile() {
    site.add("scheduler", JobStatus.QUEUED);
    site.has(JobDescriptions.SCHEDULER_FILE, FILE);

    Observation seen = look(hasDirectory(), Phase.START_SCHEDULER);
    assertThat(seen.scheduler().orElseThrow()).isInstanceOf(JobSeen.Alive.class);
    assertThat(seen.schedulerFile()).isPresent();
  }

  @Test
  void aJobThatRunsByItsStatusNeedsNoFile() {
    site.add("scheduler", JobStatus.RUNNING);

    assertThat(look(hasDirectory(), Phase.START_SCHEDULER).schedulerFile()).isEmpty();
  }

  @Test
  void ofAJobThatQueuesForLongStatusAndFileAreAskedForInTurn() {
    site.add("scheduler", JobStatus.QUEUED);
    for (int i = 0; i < 6; i++) {
      lookAt(NOW.plus(Duration.ofMinutes(3)), hasDirectory(), Phase.START_SCHEDULER);
    }

    assertThat(site.calls("job jobs/scheduler")).isEqualTo(3);
    assertThat(site.calls("file")).isEqualTo(3);
  }

  @Test
  void aFileThatTurnsUpInTheTurnOfTheFileHasTheJobLookedAtAtOnce() {
    site.add("scheduler", JobStatus.QUEUED);
    site.has(JobDescriptions.SCHEDULER_FILE, FILE);

    Observation seen =
        lookAt(NOW.plus(Duration.ofMinutes(3)), hasDirectory(), Phase.START_SCHEDULER);
    assertThat(seen.schedulerFile().orElseThrow()).isInstanceOf(FileSeen.Written.class);
    assertThat(seen.scheduler()).isPresent();
  }

  @Test
  void theDirectoryIsLookedForUntilItIsKnown() {
    site.add("scheduler", JobStatus.QUEUED);

    Observation seen = look(submitted(), Phase.START_SCHEDULER);
    assertThat(seen.directory().orElseThrow().storage().mountPoint()).isEqualTo("/scratch/");
    assertThat(site.calls("file")).isZero();

    look(hasDirectory(), Phase.START_SCHEDULER);
    assertThat(site.calls("storage")).as("only once").isEqualTo(1);
  }

  @Test
  void aJobThatIsGoneFromTheSiteHasEnded() {
    assertThat(look(submitted(), Phase.START_SCHEDULER).endOfScheduler().orElseThrow().obituary())
        .contains("gone from site 'hpc'");
  }

  @Test
  void aSiteThatCannotSayIsAnError() {
    site.add("scheduler", JobStatus.QUEUED);
    site.refuses("job jobs/scheduler", 503);

    assertThatExceptionOfType(UnicoreException.class)
        .isThrownBy(() -> look(submitted(), Phase.START_SCHEDULER));
  }

  // The scheduler's file

  @Test
  void aSchedulerThatHasWrittenItsFileIsNotAskedAboutAtTheSite() {
    site.has(JobDescriptions.SCHEDULER_FILE, FILE);

    Observation seen = look(hasDirectory(), Phase.AWAIT_SCHEDULER);
    assertThat(seen.schedulerFile().orElseThrow())
        .isInstanceOfSatisfying(
            FileSeen.Written.class,
            written -> assertThat(written.file().host()).isEqualTo("node1"));
    assertThat(site.calls("job")).isZero();
  }

  @Test
  void aFileThatIsHalfWrittenIsNotThereYetAndTheJobIsLookedAt() {
    site.add("scheduler", JobStatus.FAILED);
    site.has(JobDescriptions.SCHEDULER_FILE, "{\"type\": ");

    Observation seen = look(hasDirectory(), Phase.AWAIT_SCHEDULER);
    assertThat(seen.schedulerFile().orElseThrow()).isInstanceOf(FileSeen.NotYet.class);
    assertThat(seen.endOfScheduler()).isPresent();
  }

  @Test
  void aFileThatIsNoSchedulersSaysWhy() {
    site.has(JobDescriptions.SCHEDULER_FILE, "{\"type\": \"Worker\"}");

    assertThat(look(hasDirectory(), Phase.AWAIT_SCHEDULER).schedulerFile().orElseThrow())
        .isInstanceOfSatisfying(
            FileSeen.Unusable.class,
            unusable -> assertThat(unusable.reason()).contains("its type is 'Worker'"));
  }

  @Test
  void nobodyLooksForTheFileOfASchedulerThatListens() {
    look(Situation.of().listens(), Phase.AWAIT_SCHEDULER);

    assertThat(site.calls()).isEmpty();
  }

  // The local ports

  @Test
  void noPortIsOpenedBeforeItIsChosen() {
    assertThat(look(Situation.of().listens(), Phase.FORWARD_PORTS).tunnel()).isEmpty();
  }

  @Test
  void noPortIsOpenedBeforeTheSiteSaysHowItIsForwarded() {
    site.add("scheduler", JobStatus.RUNNING);
    Situation unknown =
        ported().with(one -> one.withScheduler(one.scheduler().withForwarding(null)));

    Observation seen = look(unknown, Phase.FORWARD_PORTS);
    assertThat(seen.tunnel()).isEmpty();
    assertThat(((JobSeen.Alive) seen.scheduler().orElseThrow()).job().forwarding())
        .isEqualTo(URI.create("forward"));
  }

  @Test
  void whereNoRelayIsThereTheJobIsLookedAt() {
    site.add("scheduler", JobStatus.FAILED);

    Observation seen = look(ported(), Phase.FORWARD_PORTS);
    assertThat(seen.tunnel().orElseThrow()).isInstanceOf(TunnelSeen.NoRelay.class);
    assertThat(seen.endOfScheduler()).isPresent();
  }

  @Test
  void aRelayThatIsThereSaysEnough() {
    RelayFinderTest.putRelay(site);

    assertThat(look(ported(), Phase.FORWARD_PORTS).tunnel().orElseThrow())
        .isInstanceOf(TunnelSeen.RelayThere.class);
    assertThat(site.calls("job")).isZero();
  }

  // The workers

  @Test
  void aReadyClusterWithAllItsWorkersAsksTheSiteOnceWhenTheTimeOfItsJobsIsOver() {
    scheduler.has("worker-1", "worker-2");
    Situation ready = reachable().asked("workers", 2).workers(workers(2, Status.CONNECTED));

    look(ready, Phase.MONITOR);
    Observation seen = look(ready, Phase.MONITOR);

    assertThat(told(seen).connected()).isEqualTo(2);
    assertThat(site.calls()).containsExactly("details jobs/worker-1", "details jobs/worker-2");
    assertThat(scheduler.calls).containsExactly("workers", "workers");
  }

  @Test
  void itAsksAgainWhatTheSiteCouldNotSay() {
    scheduler.has("worker-1");
    Situation ready = reachable().asked("workers", 1).workers(workers(1, Status.CONNECTED));
    site.refuses("details jobs/worker-1", 503);

    look(ready, Phase.MONITOR);
    look(ready, Phase.MONITOR);
    look(ready, Phase.MONITOR);

    assertThat(site.calls()).containsExactly("details jobs/worker-1", "details jobs/worker-1");
  }

  @Test
  void workersThatAreNotOfTheClusterDoNotCount() {
    scheduler.has("worker-1", "worker-1-x", "worker-7", "tcp://10.0.0.1:40001");

    assertThat(
            told(look(reachable().workers(workers(1, Status.QUEUED)), Phase.MONITOR)).connected())
        .isEqualTo(1);
  }

  @Test
  void aSchedulerThatTellsNobodyApartIsCounted() {
    scheduler.has("one", "two", "three").tellsWorkersApart = false;

    WorkersSeen.Told told =
        told(look(reachable().workers(workers(3, Status.QUEUED)), Phase.SCALE_WORKERS));
    assertThat(told.connected()).isEqualTo(3);
    assertThat(told.workers()).isEmpty();
  }

  @Test
  void theSiteIsAskedAboutJobsWhoseWorkersAreMissing() {
    scheduler.has("worker-1");
    site.add("worker-2", JobStatus.FAILED);

    Observation seen = look(reachable().workers(workers(2, Status.QUEUED)), Phase.MONITOR);
    assertThat(seen.workerJobs()).containsOnlyKeys(2);
    assertThat(seen.workerJobs().get(2)).isInstanceOf(JobSeen.Ended.class);
  }

  @Test
  void whereAWorkerJobHasEndedItMayBeForTheAllocation() {
    site.add("worker-1", JobStatus.FAILED);
    site.add("allocation", JobStatus.SUCCESSFUL);

    assertThat(
            look(allocated(reachable()).workers(workers(1, Status.QUEUED)), Phase.MONITOR)
                .endOfAllocation())
        .isPresent();
  }

  @Test
  void aSchedulerThatIsSilentHasItsJobLookedAt() {
    scheduler.silent = true;
    site.add("scheduler", JobStatus.RUNNING);
    site.has("UNICORE_SCRIPT_EXIT_CODE", "137\n");

    Observation seen = look(reachable(), Phase.MONITOR);
    assertThat(seen.workers().orElseThrow()).isInstanceOf(WorkersSeen.Silent.class);
    assertThat(seen.endOfScheduler().orElseThrow().obituary()).contains("exit code 137");
  }

  @Test
  void aSilentSchedulersJobThatIsBeingEndedHasEndedIfTheBatchSystemDoesNotSoonSayHow() {
    scheduler.silent = true;
    site.add("scheduler", JobStatus.RUNNING);
    site.says(
        job("scheduler"),
        new JobDetails(BatchState.ENDING, "COMPLETING", null, null, null, null, null, null));

    assertThat(lookAt(NOW, reachable(), Phase.MONITOR).endOfScheduler()).isEmpty();
    assertThat(lookAt(NOW.plusMillis(500), reachable(), Phase.MONITOR).endOfScheduler())
        .get()
        .satisfies(
            end -> {
              assertThat(end.well()).isFalse();
              assertThat(end.obituary()).contains("is being ended by the batch system: ");
            });
  }

  @Test
  void aRelayThatIsGoneIsSeenWithTheSilence() {
    scheduler.silent = true;
    tunnels.relayGone = true;
    site.add("scheduler", JobStatus.RUNNING);

    assertThat(look(reachable(), Phase.MONITOR).workers().orElseThrow())
        .isInstanceOfSatisfying(
            WorkersSeen.Silent.class, silent -> assertThat(silent.relayGone()).isTrue());
  }

  @Test
  void howManyWorkersAreWantedIsAskedForOnlyWhereThatCounts() {
    scheduler.target = OptionalInt.of(3);
    assertThat(told(look(reachable(), Phase.MONITOR)).wanted()).isEmpty();

    Situation adapting = reachable().asked("adapt", "{\"maximum\": 5}");
    assertThat(told(look(adapting, Phase.SCALE_WORKERS)).wanted()).isEmpty();
    assertThat(told(look(adapting, Phase.MONITOR)).wanted()).hasValue(3);
  }

  @Test
  void whatWorkersHaveToDoIsAskedForOnlyWhereOneIsToGo() {
    scheduler.has("worker-1", "worker-2").loads =
        Optional.of(List.of(new WorkerLoad("worker-1", 1, 0)));
    Situation two = reachable().workers(workers(2, Status.CONNECTED));

    assertThat(told(look(two.asked("workers", 2), Phase.MONITOR)).loads()).isEmpty();
    assertThat(told(look(two.asked("workers", 1), Phase.MONITOR)).loads()).isPresent();
  }

  @Test
  void aClusterThatCannotBeReachedIsNotAskedForItsWorkers() {
    assertThat(look(ported(), Phase.MONITOR, Phase.SCALE_WORKERS).workers()).isEmpty();
    assertThat(scheduler.calls).isEmpty();
  }

  private Observation look(Situation situation, Phase... phases) {
    return lookAt(NOW, situation, phases);
  }

  private Observation lookAt(Instant now, Situation situation, Phase... phases) {
    List<Waiting> waiting =
        Arrays.stream(phases)
            .map(phase -> new Waiting(execution(phase), phase, NOW, true))
            .toList();
    return observer.look(
        situation.cluster(), new Demand(null, situation.request(), waiting, false), now);
  }

  private static WorkersSeen.Told told(Observation seen) {
    return (WorkersSeen.Told) seen.workers().orElseThrow();
  }

  private static Situation submitted() {
    return Situation.of().submitted();
  }

  private static Situation hasDirectory() {
    return Situation.of().hasDirectory();
  }

  private static Situation ported() {
    return Situation.of().listens().with(one -> one.withLocalPort(0));
  }

  private static Situation reachable() {
    return Situation.of().reachable();
  }

  private static Situation allocated(Situation situation) {
    return situation.with(
        one -> one.withAllocation(AllocationJob.wanted().submitted(job("allocation"))));
  }
}
