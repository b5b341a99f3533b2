package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.has;
import static io.unicoredask.cluster.keeper.Situation.isDone;
import static io.unicoredask.cluster.keeper.Situation.loaded;
import static io.unicoredask.cluster.keeper.Situation.names;
import static io.unicoredask.cluster.keeper.Situation.submits;
import static io.unicoredask.cluster.keeper.Situation.wants;
import static io.unicoredask.cluster.keeper.Situation.workers;
import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.keeper.WorkerJob.Status;
import io.unicoredask.dask.WorkerLoad;
import java.net.URI;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a cluster that follows its work is scaled, and to how many workers. */
class AdaptationTest {

  private final Situation five = adaptive(1, 10, 3, 1).workers(workers(5, Status.CONNECTED));

  @Test
  void moreWorkersAreHadAtOnce() {
    Decision decision = wanting(five, 6);

    assertThat(submits(decision)).containsExactly("worker-6");
    assertThat(decision.cluster().adaptedTo()).isEqualTo(6);
  }

  @Test
  void fewerAreWantedOnlyAfterSoManyLooks() {
    assertThat(wanting(five, 4).actions()).isEmpty();
    assertThat(wanting(five, 2).actions()).isEmpty();
    assertThat(five.cluster().adaptedTo()).isEqualTo(5);

    Decision fewer = wanting(five, 3);
    assertThat(names(fewer.cluster(), Status.RETIRING)).containsExactly("worker-4", "worker-5");
    assertThat(fewer.recollection().fewerWanted()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"5", "6"})
  void aLookThatWantsNoFewerBeginsTheCountAnew(int wanted) {
    wanting(five, 4);
    wanting(five, 4);
    assertThat(wanting(five, wanted).recollection().fewerWanted()).isZero();
    wanting(five, 4);
    wanting(five, 4);
    assertThat(names(five.cluster(), Status.RETIRING)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "7, 7", "10, 10", "11, 10", "1000000, 10"})
  void whatIsWantedIsKeptWithinTheBounds(int wanted, int workers) {
    Situation hasty = adaptive(1, 10, 1, 1).workers(workers(5, Status.CONNECTED));

    assertThat(wanting(hasty, wanted).cluster().stayingWorkers()).hasSize(workers);
  }

  @ParameterizedTest
  @CsvSource({"5, 2", "4, 1", "9, 3"})
  void jobsOfSeveralWorkersAreHadForAllThatAreWantedAndEndedWhenAllCanBeSpared(
      int wanted, int jobs) {
    Situation eight = adaptive(0, 10, 1, 4).workers(jobsOf(4, 2));

    assertThat(wanting(eight, wanted).cluster().stayingWorkers()).hasSize(jobs);
  }

  @ParameterizedTest
  @CsvSource({"0, 2", "4, 4", "40, 10"})
  void untilItIsReadyAClusterHasWhatItHasWithinTheBounds(int has, int wanted) {
    Situation scaling = adaptive(2, 10, 3, 1).workers(workers(has, Status.QUEUED));

    assertThat(WorkerRules.wantedJobs(scaling.cluster(), scaling.request())).isEqualTo(wanted);
  }

  @Test
  void workersOfJobsThatComputeAreWanted() {
    Situation three = adaptive(0, 10, 1, 2).workers(jobsOf(2, 3));
    WorkersSeen.Told told =
        loaded(
            wants(has(1, 2, 3), 2),
            new WorkerLoad("worker-1-0", 1, 0),
            new WorkerLoad("worker-1-1", 0, 0),
            new WorkerLoad("worker-2-0", 0, 0),
            new WorkerLoad("worker-3-1", 3, 0));

    assertThat(Adaptation.wanted(three.cluster(), told)).isEqualTo(4);
  }

  @Test
  void whoWantsMoreGetsMore() {
    assertThat(Adaptation.wanted(five.cluster(), wants(has(1), 9))).isEqualTo(9);
  }

  @Test
  void aSchedulerThatCannotTellKeepsTheClusterAsItIs() {
    Decision decision = five.seesWorkers(has(1, 2, 3, 4, 5)).decide();

    assertThat(decision.actions()).isEmpty();
    assertThat(decision.cluster().warnings())
        .singleElement()
        .asString()
        .startsWith("adapt: the scheduler cannot say how many workers it wants");
  }

  @Test
  void aClusterThatHasBegunToFollowItsWorkIsScaledWithoutWaiting() {
    Situation scaling =
        Situation.of(Phase.SCALE_WORKERS, Phase.MONITOR)
            .reachable()
            .asked("adapt", Map.of("minimum", 5, "maximum", 10))
            .workers(workers(5, Status.QUEUED))
            .with(cluster -> cluster.withAdaptedTo(5));

    assertThat(isDone(scaling.seesWorkers(has()).decide(), Phase.SCALE_WORKERS)).isTrue();
  }

  @Test
  void aClusterThatNoLongerFollowsItsWorkForgetsWhatItWasAdaptedTo() {
    Situation fixed =
        Situation.during(Phase.MONITOR)
            .reachable()
            .asked("workers", 2)
            .workers(workers(2, Status.CONNECTED))
            .with(cluster -> cluster.withAdaptedTo(7));

    assertThat(fixed.seesWorkers(has(1, 2)).decide().cluster().adaptedTo()).isNull();
    assertThat(fixed.cluster().workers()).hasSize(2);
  }

  private static Decision wanting(Situation situation, int workers) {
    int[] all = situation.cluster().workers().stream().mapToInt(WorkerJob::number).toArray();
    return situation.seesWorkers(wants(has(all), workers)).decide();
  }

  private static Situation adaptive(int minimum, int maximum, int waitCount, int processes) {
    return Situation.during(Phase.MONITOR)
        .reachable()
        .asked("processes", processes)
        .asked("adapt", Map.of("minimum", minimum, "maximum", maximum, "wait_count", waitCount));
  }

  private static WorkerJob[] jobsOf(int processes, int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(
            number -> WorkerJob.wanted(number, processes).submitted(URI.create("jobs/" + number)))
        .toList()
        .toArray(WorkerJob[]::new);
  }
}
