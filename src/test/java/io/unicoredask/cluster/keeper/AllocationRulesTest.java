package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.ended;
import static io.unicoredask.cluster.keeper.Situation.error;
import static io.unicoredask.cluster.keeper.Situation.has;
import static io.unicoredask.cluster.keeper.Situation.isDone;
import static io.unicoredask.cluster.keeper.Situation.job;
import static io.unicoredask.cluster.keeper.Situation.message;
import static io.unicoredask.cluster.keeper.Situation.submits;
import static io.unicoredask.cluster.keeper.Situation.worker;
import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.keeper.WorkerJob.Status;
import io.unicoredask.unicore.JobStatus;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether a cluster has an allocation, and what its end is the end of. */
class AllocationRulesTest {

  private static final String GIVEN = "https://hpc.example.org/HPC/rest/core/jobs/7";
  private static final AllocationJob OWN = AllocationJob.wanted().submitted(job("allocation"));

  private final Situation allocating = Situation.of(Phase.ALLOCATE);

  @Test
  void noneIsWantedUnlessItIsAskedFor() {
    Decision decision = allocating.decide();

    assertThat(isDone(decision, Phase.ALLOCATE)).isTrue();
    assertThat(decision.cluster().allocation()).isNull();
    assertThat(decision.actions()).isEmpty();
  }

  @Test
  void itIsPutOnRecordBeforeItIsSubmitted() {
    Decision decision = allocating.asked("allocation", "{}").decide();

    assertThat(decision.cluster().allocation()).isEqualTo(AllocationJob.wanted());
    assertThat(submits(decision)).containsExactly("allocation");
    assertThat(decision.begun()).hasSize(1);
    assertThat(decision.outcomes()).isEmpty();
  }

  @Test
  void somebodyElsesIsTakenAndNotSubmitted() {
    Decision decision = allocating.asked("allocation", GIVEN).decide();

    assertThat(decision.cluster().allocation().own()).isFalse();
    assertThat(decision.cluster().allocation().job()).hasToString(GIVEN);
    assertThat(decision.actions()).isEmpty();
    assertThat(decision.outcomes()).isEmpty();
  }

  @Test
  void itTakesJobsWhenItRunsAndTheBatchSystemHasNamedIt() {
    assertThat(isDone(sees(JobStatus.RUNNING, "slurm-1", "ALLOCATE"), Phase.ALLOCATE)).isTrue();
  }

  @Test
  void itDoesNotTakeJobsWhileItsRequestIsAProcessOfTheLoginNode() {
    Decision decision = sees(JobStatus.RUNNING, "INTERACTIVE_1", "ALLOCATE");

    assertThat(decision.outcomes()).isEmpty();
    assertThat(decision.note()).isEqualTo("allocation RUNNING");
  }

  @Test
  void itIsWaitedForInTheQueue() {
    assertThat(sees(JobStatus.QUEUED, null, null).outcomes()).isEmpty();
  }

  @Test
  void aJobThatIsNoAllocationIsRefused() {
    Decision decision = sees(JobStatus.RUNNING, "slurm-1", "BATCH");

    assertThat(error(decision, Phase.ALLOCATE)).isEqualTo(ClusterError.DASK_INVALID_REQUEST);
    assertThat(message(decision, Phase.ALLOCATE)).contains("of type BATCH").contains("ALLOCATE");
  }

  @Test
  void anAllocationOfAnotherUserIsRefused() {
    Decision decision =
        allocating
            .with(
                cluster ->
                    cluster.withAllocation(AllocationJob.somebodyElses(URI.create("jobs/7"))))
            .seesAllocation(new JobSeen.NotOurs("me"))
            .decide();

    assertThat(error(decision, Phase.ALLOCATE)).isEqualTo(ClusterError.DASK_INVALID_REQUEST);
    assertThat(message(decision, Phase.ALLOCATE)).contains("jobs/7").contains("user me");
  }

  @Test
  void oneThatIsOverBeforeItTookJobsFails() {
    Decision decision =
        allocating
            .with(cluster -> cluster.withAllocation(OWN))
            .seesAllocation(ended("no nodes"))
            .decide();

    assertThat(error(decision, Phase.ALLOCATE)).isEqualTo(ClusterError.DASK_ALLOCATION_FAILED);
    assertThat(message(decision, Phase.ALLOCATE)).isEqualTo("no nodes");
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"RESTART", "TEAR_DOWN", "RUN_SCRIPT", "READ_LOGS"})
  void anAllocationThatIsOverFailsAllThatWaits(Phase phase) {
    Decision decision =
        Situation.of(phase)
            .reachable()
            .with(cluster -> cluster.withAllocation(OWN))
            .seesAllocation(ended("its time is over"))
            .seesScheduler(ended("killed"))
            .decide();

    assertThat(error(decision, phase)).isEqualTo(ClusterError.DASK_ALLOCATION_FAILED);
    assertThat(message(decision, phase)).isEqualTo("its time is over");
  }

  @Test
  void nothingIsSubmittedIntoAnAllocationThatIsOver() {
    Decision decision =
        Situation.during(Phase.MONITOR)
            .asked("workers", 3)
            .reachable()
            .workers(worker(1, Status.CONNECTED), worker(2, Status.WANTED))
            .seesAllocation(ended("its time is over"))
            .seesWorkers(has(1))
            .decide();

    assertThat(decision.actions()).isEmpty();
    assertThat(decision.cluster().nextWorker()).isEqualTo(3);
  }

  @Test
  void whatIsAlreadySubmittedIsNotSubmittedAgain() {
    Decision decision =
        allocating.asked("allocation", "{}").with(cluster -> cluster.withAllocation(OWN)).decide();

    assertThat(decision.actions()).isEmpty();
    assertThat(decision.cluster().allocation()).isEqualTo(OWN);
  }

  private Decision sees(JobStatus status, String batchSystemId, String type) {
    return allocating
        .with(cluster -> cluster.withAllocation(OWN))
        .seesAllocation(new JobSeen.Alive(job(status, batchSystemId, type)))
        .decide();
  }
}
