package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.job;
import static io.unicoredask.cluster.keeper.Situation.worker;
import static io.unicoredask.cluster.keeper.Situation.workers;
import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.keeper.WorkerJob.Status;
import io.unicoredask.cluster.request.TunnelKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What follows from a cluster's record. */
class ClusterTest {

  private final Cluster planned = Cluster.planned("e1-c1", "hpc");
  private final Cluster ready =
      Situation.of()
          .reachable()
          .workers(worker(1, Status.CONNECTED), worker(2, Status.RETIRING))
          .with(one -> one.withAllocation(AllocationJob.wanted().submitted(job("allocation"))))
          .cluster();

  // Whose a job is

  @ParameterizedTest
  @CsvSource({
    "scheduler, scheduler, false",
    "scheduler, another, true",
    "scheduler-2, scheduler, true",
    "allocation, allocation, false",
    "allocation, another, true",
    "worker-1, worker-1, false",
    "worker-1, another, true",
    "worker-2, worker-2, false",
    "worker-3, not-yet, false",
    "script-abc, whatever, false"
  })
  void aJobIsDisownedWhereAnotherIsOnRecordForItsPurpose(
      String purpose, String job, boolean disowned) {
    assertThat(ready.disowns(purpose, job(job))).isEqualTo(disowned);
  }

  @Test
  void aJobThatIsWantedAndNotKnownToBeSubmittedMayBeAnyJob() {
    Cluster wanted =
        planned
            .with()
            .scheduler(SchedulerJob.wanted())
            .allocation(AllocationJob.wanted())
            .workers(List.of(WorkerJob.wanted(1, 1)))
            .nextWorker(2)
            .build();

    for (String purpose : List.of("scheduler", "allocation", "worker-1")) {
      assertThat(wanted.disowns(purpose, job("whatever"))).as(purpose).isFalse();
    }
  }

  @Test
  void aJobOfAWorkerThatIsGoneFromTheRecordIsDisowned() {
    assertThat(planned.withNextWorker(5).disowns("worker-4", job("worker-4"))).isTrue();
    assertThat(planned.withNextWorker(5).disowns("worker-5", job("worker-5"))).isFalse();
  }

  @Test
  void afterARestartTheSchedulerBeforeIsDisowned() {
    Cluster restarted = ready.withRestarts(1);

    assertThat(restarted.disowns("scheduler", job("scheduler"))).isTrue();
    assertThat(restarted.disowns("scheduler-2", job("scheduler"))).isFalse();
  }

  @Test
  void allItsJobsAreThoseThatAreKnown() {
    assertThat(planned.jobs()).isEmpty();
    assertThat(planned.withScheduler(SchedulerJob.wanted()).jobs()).isEmpty();
    assertThat(ready.jobs())
        .containsExactly(job("allocation"), job("scheduler"), job("worker-1"), job("worker-2"));
  }

  // What is newly wanted

  @Test
  void whatIsWantedForTheFirstTimeIsNew() {
    Cluster wanted =
        planned
            .with()
            .allocation(AllocationJob.wanted())
            .scheduler(SchedulerJob.wanted())
            .workers(List.of(WorkerJob.wanted(1, 1), WorkerJob.wanted(2, 1)))
            .nextWorker(3)
            .build();

    assertThat(wanted.newlyWantedSince(planned))
        .containsExactly("allocation", "scheduler", "worker-1", "worker-2");
    assertThat(wanted.newlyWantedSince(wanted)).isEmpty();
    assertThat(announces(planned, wanted)).isTrue();
    assertThat(announces(wanted, wanted)).isFalse();
  }

  @Test
  void whatIsKnownToBeSubmittedIsNotNew() {
    Cluster wanted = planned.withScheduler(SchedulerJob.wanted());

    assertThat(wanted.withScheduler(ready.scheduler()).newlyWantedSince(wanted)).isEmpty();
  }

  @Test
  void onlyTheWorkersThatCameLastAreNew() {
    Cluster grown =
        ready
            .with()
            .workers(
                Stream.concat(ready.workers().stream(), Stream.of(WorkerJob.wanted(3, 1))).toList())
            .nextWorker(4)
            .build();

    assertThat(grown.newlyWantedSince(ready)).containsExactly("worker-3");
  }

  @Test
  void aWorkerThatIsGoneIsNothingNew() {
    assertThat(ready.withWorkers(List.of()).newlyWantedSince(ready)).isEmpty();
  }

  @Test
  void aSchedulerThatIsStartedAnewHasAnotherPurpose() {
    Cluster lost = ready.with().scheduler(null).restarts(1).build();

    assertThat(lost.withScheduler(SchedulerJob.wanted()).newlyWantedSince(lost))
        .containsExactly("scheduler-2");
  }

  // The rest

  @ParameterizedTest
  @MethodSource("unreachable")
  void itCannotBeReachedBefore(UnaryOperator<Cluster> change) {
    assertThat(ready.isReachable()).isTrue();
    assertThat(change.apply(ready).isReachable()).isFalse();
  }

  static Stream<UnaryOperator<Cluster>> unreachable() {
    return Stream.of(
        one -> one.withLocalPort(null),
        one -> one.withReached(false),
        one -> one.withScheduler(null),
        one -> one.withScheduler(one.scheduler().withHost(null)),
        one -> one.withTunnel(TunnelKind.AUTO));
  }

  @Test
  void workersThatAreToEndDoNotLast() {
    Cluster mixed =
        planned.withWorkers(
            List.of(
                new WorkerJob(
                    1, job("1"), 4, Status.CONNECTED, true, false, 4, false, JobTimes.NONE),
                new WorkerJob(
                    2, job("2"), 2, Status.RETIRING, true, false, 0, false, JobTimes.NONE)));

    assertThat(mixed.plannedWorkers()).isEqualTo(6);
    assertThat(mixed.lastingWorkers()).isEqualTo(4);
    assertThat(mixed.stayingWorkers()).extracting(WorkerJob::number).containsExactly(1);
  }

  @Test
  void eachWarningIsGivenOnce() {
    Cluster warned = planned.warnedOf("one").warnedOf("two").warnedOf("one");

    assertThat(warned.warnings()).containsExactly("one", "two");
  }

  @Test
  void thePartOfTheEngineStandsBeforeTheFirstHyphen() {
    assertThat(Cluster.planned("abc-d-e-f", "hpc").installation()).isEqualTo("abc");
  }

  @Test
  void theListsOfARecordAreItsOwn() {
    List<WorkerJob> jobs = new ArrayList<>(List.of(workers(1, Status.QUEUED)));
    Cluster cluster = planned.withWorkers(jobs);
    jobs.clear();

    assertThat(cluster.workers()).hasSize(1);
  }

  private static boolean announces(Cluster before, Cluster after) {
    return new Writing(before, after, Set.of(), Map.of(), Map.of()).announcesJobs();
  }
}
