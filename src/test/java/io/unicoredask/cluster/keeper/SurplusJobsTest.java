package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.has;
import static io.unicoredask.cluster.keeper.Situation.loaded;
import static io.unicoredask.cluster.keeper.Situation.worker;
import static io.unicoredask.cluster.keeper.Situation.workers;
import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.keeper.SurplusJobs.Loss;
import io.unicoredask.cluster.keeper.WorkerJob.Status;
import io.unicoredask.dask.WorkerLoad;
import java.util.AbstractList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which jobs a smaller cluster does without. */
class SurplusJobsTest {

  private final List<WorkerJob> four = List.of(workers(4, Status.CONNECTED));

  @Test
  void thoseAreEndedFirstWithWhichLeastIsLost() {
    WorkersSeen.Told told =
        loaded(
            has(1, 2, 3),
            new WorkerLoad("worker-1", 0, 7),
            new WorkerLoad("worker-2", 1, 0),
            new WorkerLoad("worker-3", 0, 0));

    assertThat(new SurplusJobs(told).among(four, 4))
        .extracting(WorkerJob::number)
        .containsExactly(4, 3, 1, 2);
  }

  @Test
  void ofEqualsTheNewestIsEndedFirst() {
    assertThat(new SurplusJobs(has(1, 2, 3, 4)).among(four, 2))
        .extracting(WorkerJob::number)
        .containsExactly(4, 3);
  }

  @Test
  void aJobIsMissedAsMuchAsTheBusiestOfItsWorkers() {
    WorkersSeen.Told told =
        loaded(
            has(1),
            new WorkerLoad("worker-1-0", 0, 0),
            new WorkerLoad("worker-1-1", 1, 0),
            new WorkerLoad("worker-1-2", 0, 3),
            new WorkerLoad("somebody-elses", 9, 9));

    assertThat(new SurplusJobs(told).loss(worker(1, Status.CONNECTED))).isEqualTo(Loss.TASKS);
  }

  @Test
  void aJobThatIsNotKnownToBeSubmittedIsNotMissed() {
    assertThat(new SurplusJobs(has(1)).loss(worker(1, Status.WANTED))).isEqualTo(Loss.NOTHING);
  }

  @Test
  void whereTheSchedulerTellsNobodyApartOnlyAQueuedJobIsNotMissed() {
    SurplusJobs jobs =
        new SurplusJobs(
            new WorkersSeen.Told(
                1, Optional.empty(), Optional.empty(), OptionalInt.empty(), false));

    assertThat(jobs.loss(worker(1, Status.QUEUED))).isEqualTo(Loss.NOTHING);
    assertThat(jobs.loss(worker(2, Status.RUNNING))).isEqualTo(Loss.TASKS);
  }

  @Test
  void theNamesOfWorkersAreReadOnceHoweverManyJobsThereAre() {
    CountedLoads loads = new CountedLoads(10_000);
    WorkersSeen.Told told =
        new WorkersSeen.Told(
            10_000,
            has(IntStream.rangeClosed(1, 10_000).toArray()).workers(),
            Optional.of(loads),
            OptionalInt.empty(),
            false);

    assertThat(new SurplusJobs(told).among(List.of(workers(10_000, Status.CONNECTED)), 9_000))
        .hasSize(9_000);
    assertThat(loads.reads).isLessThanOrEqualTo(10_000);
  }

  /** A list of idle workers that counts how many were read. */
  private static class CountedLoads extends AbstractList<WorkerLoad> {

    private final int size;
    private int reads;

    CountedLoads(int size) {
      this.size = size;
    }

    @Override
    public WorkerLoad get(int index) {
      reads++;
      return new WorkerLoad("worker-" + (index + 1), 0, 0);
    }

    @Override
    public int size() {
      return size;
    }
  }
}
