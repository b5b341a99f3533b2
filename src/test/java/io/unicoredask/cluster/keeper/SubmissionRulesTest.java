package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.alive;
import static io.unicoredask.cluster.keeper.Situation.error;
import static io.unicoredask.cluster.keeper.Situation.has;
import static io.unicoredask.cluster.keeper.Situation.job;
import static io.unicoredask.cluster.keeper.Situation.names;
import static io.unicoredask.cluster.keeper.Situation.refusal;
import static io.unicoredask.cluster.keeper.Situation.submits;
import static io.unicoredask.cluster.keeper.Situation.worker;
import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.keeper.Cluster.Growth;
import io.unicoredask.cluster.keeper.WorkerJob.Status;
import io.unicoredask.unicore.JobStatus;
import io.unicoredask.unicore.UnicoreException;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is put down of submissions, and whom there is something to tell. */
class SubmissionRulesTest {

  private static final UnicoreException BUSY =
      new UnicoreException("hpc", "POST", URI.create("jobs"), 503, true, "busy", null);

  @Test
  void theAllocationsUrlIsPutDown() {
    Situation allocating = Situation.of(Phase.ALLOCATE).asked("allocation", "{}");
    allocating.decide();

    Decision decision = allocating.after(submitted("allocation"));
    assertThat(decision.cluster().allocation().job()).isEqualTo(job("allocation"));
    assertThat(decision.note()).isEqualTo("allocation submitted");
  }

  @Test
  void theSchedulersUrlIsPutDownAndWhatIsQuestionableAboutItsJobIsWarnedOf() {
    Situation starting = Situation.of(Phase.START_SCHEDULER);
    starting.decide();

    Decision decision =
        starting.after(
            new Result.Submitted("scheduler", job("scheduler"), Optional.of("no launcher")));
    assertThat(decision.cluster().scheduler().job()).isEqualTo(job("scheduler"));
    assertThat(decision.cluster().warnings()).containsExactly("no launcher");
  }

  @Test
  void aWorkerJobIsQueuedOnceItIsSubmitted() {
    Situation scaling = scaling(2);

    Decision decision = scaling.after(submitted("worker-2"));
    assertThat(names(decision.cluster(), Status.WANTED)).containsExactly("worker-1");
    assertThat(names(decision.cluster(), Status.QUEUED)).containsExactly("worker-2");
    assertThat(decision.note()).isEqualTo("1 of 2 worker jobs submitted");
  }

  @Test
  void anAllocationThatIsRefusedIsNone() {
    Situation allocating = Situation.of(Phase.ALLOCATE).asked("allocation", "{}");
    allocating.decide();

    Decision decision = allocating.after(new Result.Refused("allocation", refusal()));
    assertThat(error(decision, Phase.ALLOCATE)).isEqualTo(ClusterError.DASK_JOB_REFUSED);
    assertThat(decision.cluster().allocation()).isNull();
  }

  @Test
  void aSchedulerThatIsRefusedIsNone() {
    Situation starting = Situation.of(Phase.START_SCHEDULER);
    starting.decide();

    Decision decision = starting.after(new Result.Refused("scheduler", refusal()));
    assertThat(error(decision, Phase.START_SCHEDULER)).isEqualTo(ClusterError.DASK_JOB_REFUSED);
    assertThat(decision.cluster().scheduler()).isNull();
  }

  @Test
  void aWorkerThatIsRefusedEndsTheScaling() {
    Decision decision =
        scaling(2).after(submitted("worker-1"), new Result.Refused("worker-2", refusal()));

    assertThat(error(decision, Phase.SCALE_WORKERS)).isEqualTo(ClusterError.DASK_JOB_REFUSED);
    assertThat(decision.cluster().growth()).isEqualTo(Growth.STOPPED);
    assertThat(decision.cluster().workers())
        .extracting(WorkerJob::name)
        .containsExactly("worker-1");
    assertThat(decision.scaleFailure()).isEmpty();
  }

  @Test
  void aWorkerThatIsRefusedBeforeTheSchedulerStartedEndsItsStart() {
    Situation starting =
        Situation.of(Phase.START_SCHEDULER)
            .asked("workers", 1)
            .asked("queueWorkers", "together")
            .submitted()
            .seesScheduler(alive(JobStatus.QUEUED))
            .seesDirectory(true);
    assertThat(submits(starting.decide())).containsExactly("worker-1");

    Decision decision = starting.after(new Result.Refused("worker-1", refusal()));
    assertThat(error(decision, Phase.START_SCHEDULER)).isEqualTo(ClusterError.DASK_JOB_REFUSED);
  }

  @Test
  void aReplacementThatIsRefusedIsSaidAndTheClusterGoesOn() {
    Situation ready = Situation.during(Phase.MONITOR).reachable().workers(worker(1, Status.WANTED));

    Decision decision = ready.after(new Result.Refused("worker-1", refusal()));
    assertThat(decision.outcomes()).isEmpty();
    assertThat(decision.scaleFailure().orElseThrow().error())
        .isEqualTo(ClusterError.DASK_JOB_REFUSED);
  }

  @Test
  void aSiteThatTakesNothingNowIsAnObstacle() {
    Decision decision = scaling(2).after(new Result.Postponed(BUSY), new Result.Postponed(BUSY));

    assertThat(decision.obstacle()).containsSame(BUSY);
    assertThat(names(decision.cluster(), Status.WANTED)).hasSize(2);
  }

  @Test
  void aSiteThatTakesSomeOfThemIsNone() {
    Decision decision = scaling(2).after(submitted("worker-1"), new Result.Postponed(BUSY));

    assertThat(decision.obstacle()).isEmpty();
  }

  private static Situation scaling(int workers) {
    Situation scaling =
        Situation.of(Phase.SCALE_WORKERS).reachable().asked("workers", workers).seesWorkers(has());
    scaling.decide();
    return scaling;
  }

  private static Result submitted(String purpose) {
    return new Result.Submitted(purpose, job(purpose), Optional.empty());
  }
}
