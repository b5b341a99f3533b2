package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.has;
import static io.unicoredask.cluster.keeper.Situation.job;
import static io.unicoredask.cluster.keeper.Situation.worker;
import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.keeper.WorkerJob.Status;
import io.unicoredask.dask.SchedulerWorker;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a job that runs workers is called, and how far it is. */
class WorkerJobTest {

  @ParameterizedTest
  @CsvSource({"worker-1, 1", "worker-1-0, 1", "worker-12-3, 12", "worker-3-, 3"})
  void aWorkerIsItsJobsByItsName(String name, int number) {
    assertThat(WorkerJob.numberOf(name)).hasValue(number);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "worker",
        "worker-",
        "worker-0",
        "worker-01",
        "worker-1-x",
        "worker-1 ",
        "Worker-1",
        "worker-1234567890",
        "tcp://10.0.0.1:40000"
      })
  void otherNamesAreOfNobodysJob(String name) {
    assertThat(WorkerJob.numberOf(name)).isEmpty();
    assertThat(WorkerJob.isOneOf(Set.of(0, 1), name)).isFalse();
  }

  @Test
  void aPurposeIsTheNameOfAJobAndOfNoWorkerOfIt() {
    assertThat(WorkerJob.number(WorkerJob.name(17))).hasValue(17);
    assertThat(WorkerJob.number("worker-17-0")).isEqualTo(OptionalInt.empty());
    assertThat(WorkerJob.number("scheduler")).isEmpty();
  }

  @Test
  void aJobThatIsSubmittedQueues() {
    WorkerJob submitted = WorkerJob.wanted(1, 4).submitted(job("1"));

    assertThat(submitted.status()).isEqualTo(Status.QUEUED);
    assertThat(submitted.job()).isEqualTo(job("1"));
    assertThat(submitted.processes()).isEqualTo(4);
  }

  @Test
  void aJobThatIsToEndDoesNotQueueAgain() {
    assertThat(worker(1, Status.WANTED).in(Status.RETIRING).submitted(job("1")).isRetiring())
        .isTrue();
  }

  @Test
  void thatItsWorkersWereConnectedIsRemembered() {
    WorkerJob lost = worker(1, Status.QUEUED).in(Status.CONNECTED).in(Status.LOST);

    assertThat(lost.wasConnected()).isTrue();
    assertThat(worker(1, Status.QUEUED).in(Status.LOST).wasConnected()).isFalse();
  }

  @Test
  void thatItIsOverChangesNothingElse() {
    WorkerJob over = worker(1, Status.CONNECTED).ended();

    assertThat(over.over()).isTrue();
    assertThat(over.in(Status.LOST).over()).isTrue();
    assertThat(over.status()).isEqualTo(Status.CONNECTED);
  }

  // Which of them the scheduler has

  @Test
  void aJobIsCompleteWhenTheSchedulerHasAllItsWorkers() {
    WorkerJob two =
        new WorkerJob(1, job("1"), 2, Status.RUNNING, false, false, 0, false, JobTimes.NONE);

    assertThat(told("worker-1-0").hasAllOf().test(two)).isFalse();
    assertThat(told("worker-1-0", "worker-1-1").hasAllOf().test(two)).isTrue();
    assertThat(told("worker-1-0", "worker-2-0").hasAllOf().test(two)).isFalse();
  }

  @Test
  void whereTheSchedulerTellsNobodyApartNoJobIsKnownToBeComplete() {
    WorkersSeen.Told counted =
        new WorkersSeen.Told(9, Optional.empty(), Optional.empty(), OptionalInt.empty(), false);

    assertThat(counted.hasAllOf().test(worker(1, Status.RUNNING))).isFalse();
    assertThat(counted.numbers()).isEmpty();
  }

  @Test
  void eachJobCountsOnceHoweverManyWorkersItHas() {
    assertThat(told("worker-1-0", "worker-1-1", "worker-3", "another").numbers())
        .containsExactlyInAnyOrder(1, 3);
    assertThat(has(1, 2).numbers()).containsExactlyInAnyOrder(1, 2);
  }

  private static WorkersSeen.Told told(String... names) {
    return new WorkersSeen.Told(
        names.length,
        Optional.of(
            List.of(names).stream().map(name -> new SchedulerWorker(name, "tcp://n:1")).toList()),
        Optional.empty(),
        OptionalInt.empty(),
        false);
  }
}
