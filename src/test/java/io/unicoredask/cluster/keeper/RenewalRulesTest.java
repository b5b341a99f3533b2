package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.NOW;
import static io.unicoredask.cluster.keeper.Situation.has;
import static io.unicoredask.cluster.keeper.Situation.names;
import static io.unicoredask.cluster.keeper.Situation.submits;
import static io.unicoredask.cluster.keeper.Situation.worker;
import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.keeper.WorkerJob.Status;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Worker jobs make place for others before their time is over. */
class RenewalRulesTest {

  private static final Instant START = NOW.minus(Duration.ofMinutes(50));
  private static final Instant END = NOW.plus(Duration.ofMinutes(10));

  private final Situation ready =
      Situation.during(Phase.MONITOR)
          .reachable()
          .asked("workers", 1)
          .workers(worker(1, Status.CONNECTED).withTimes(new JobTimes(null, START, END)));

  @Test
  void anotherIsSubmittedTwoMinutesBeforeTheEnd() {
    assertThat(submits(at(NOW.plus(Duration.ofSeconds(479)), 1))).isEmpty();

    Decision decision = at(NOW.plus(Duration.ofMinutes(8)), 1);
    assertThat(submits(decision)).containsExactly("worker-2");
    assertThat(names(decision.cluster(), Status.RETIRING)).isEmpty();
    assertThat(decision.cluster().replacements()).isZero();
  }

  @Test
  void soMuchEarlierAsTheLastOneQueuedAndHalfAsLongAgain() {
    Recollection queued = Recollection.NONE.withQueued(Duration.ofMinutes(4));

    assertThat(RenewalRules.next(ready.cluster(), queued)).hasValue(NOW.plusSeconds(120));
  }

  @Test
  void aQueueThatIsLongerThanTheTimeMakesNoEndlessRenewing() {
    Recollection queued = Recollection.NONE.withQueued(Duration.ofDays(1));

    assertThat(RenewalRules.next(ready.cluster(), queued))
        .hasValue(START.plus(Duration.ofMinutes(30)));
  }

  @Test
  void theOldOneIsRetiredWhenTheNewOneIsConnected() {
    at(NOW.plus(Duration.ofMinutes(8)), 1);
    ready.with(
        cluster ->
            cluster.withEachWorker(
                worker -> worker.number() == 2 ? worker.submitted(Situation.job("2")) : worker));
    assertThat(names(at(NOW.plusSeconds(500), 1).cluster(), Status.RETIRING)).isEmpty();

    Decision decision = at(NOW.plusSeconds(510), 1, 2);
    assertThat(names(decision.cluster(), Status.RETIRING)).containsExactly("worker-1");
    assertThat(submits(decision)).isEmpty();
  }

  @Test
  void whereNobodyCouldTakeItsDataItStaysToTheEnd() {
    at(NOW.plus(Duration.ofMinutes(8)), 1);

    assertThat(names(at(NOW.plus(Duration.ofMinutes(9)), 1).cluster(), Status.RETIRING)).isEmpty();
  }

  @Test
  void aMinuteBeforeTheEndItsDataMovesToTheOthersThoughNotAllHaveCome() {
    ready.asked("workers", 2);
    at(NOW.plus(Duration.ofMinutes(8)), 1);
    ready.with(
        cluster ->
            cluster.withEachWorker(
                worker ->
                    worker.number() == 1
                        ? worker
                        : worker.submitted(Situation.job(String.valueOf(worker.number())))));

    assertThat(names(at(NOW.plusSeconds(530), 1, 2).cluster(), Status.RETIRING)).isEmpty();
    assertThat(names(at(NOW.plus(Duration.ofMinutes(9)), 1, 2).cluster(), Status.RETIRING))
        .containsExactly("worker-1");
  }

  @Test
  void oneThatEndsWhileItLeavesIsNoLoss() {
    at(NOW.plus(Duration.ofMinutes(8)), 1);
    ready.seesNothingAfter(Duration.ofSeconds(1));
    ready.seesWorkers(has()).seesWorkerJob(1, Situation.ended("its time was over"));
    Decision decision = ready.decide();

    assertThat(names(decision.cluster(), Status.LOST)).isEmpty();
    assertThat(decision.cluster().replacements()).isZero();
  }

  @Test
  void nobodyIsRenewedWhereThatIsNotWantedOrTheEndIsNotKnown() {
    ready.asked("renewWorkers", false);
    assertThat(submits(at(END, 1))).isEmpty();

    ready
        .asked("renewWorkers", true)
        .with(cluster -> cluster.withEachWorker(worker -> worker.withTimes(JobTimes.NONE)));
    assertThat(submits(at(END, 1))).isEmpty();
    assertThat(RenewalRules.next(ready.cluster(), Recollection.NONE)).isEmpty();
  }

  private Decision at(Instant now, int... connected) {
    return ready.sees(before -> Observation.at(now)).seesWorkers(has(connected)).decide();
  }
}
