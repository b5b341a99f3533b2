package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.job;
import static io.unicoredask.cluster.keeper.Situation.worker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.unicoredask.cluster.FakeSite;
import io.unicoredask.cluster.keeper.WorkerJob.Status;
import io.unicoredask.cluster.site.RequestBudget;
import io.unicoredask.unicore.JobStatus;
import io.unicoredask.unicore.UnicoreException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a cluster's jobs are ended, and what a refused call costs. */
class JobEnderTest {

  private static final String TAG = "dask-cluster-e1-c1";

  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final SiteThreads threads = new SiteThreads("hpc", new RequestBudget(1000), clock);
  private final FakeSite site = new FakeSite("hpc");
  private final JobEnder ender = new JobEnder(site, threads);
  private Cluster cluster =
      Cluster.planned("e1-c1", "hpc")
          .with()
          .scheduler(SchedulerJob.wanted().withJob(job("scheduler")))
          .allocation(AllocationJob.wanted().submitted(job("allocation")))
          .workers(List.of(worker(1, Status.QUEUED), worker(2, Status.QUEUED)))
          .build();

  @BeforeEach
  void submitTheJobs() {
    cluster.jobs().forEach(job -> site.add(job.getPath().substring(5), JobStatus.RUNNING, TAG));
  }

  @AfterEach
  void stop() {
    threads.stop();
    clock.shutdownNow();
  }

  @Test
  void allAreEndedTheWorkersFirstAndTheAllocationLast() {
    Result.Ended ended = ender.end(cluster, true);

    assertThat(ended.left()).isZero();
    assertThat(ended.madeSure()).isTrue();
    assertThat(ended.over()).containsExactlyInAnyOrderElementsOf(cluster.jobs().toList());
    assertThat(aborts().subList(0, 2))
        .containsExactlyInAnyOrder("abort jobs/worker-1", "abort jobs/worker-2");
    assertThat(aborts().subList(2, 4))
        .containsExactly("abort jobs/scheduler", "abort jobs/allocation");
  }

  @Test
  void aRefusedCallCostsOnlyItself() {
    site.refuses("abort jobs/worker-2", 503);

    Result.Ended first = ender.end(cluster, true);
    assertThat(first.left()).isEqualTo(1);
    assertThat(first.madeSure()).isFalse();
    assertThat(first.over()).hasSize(3).doesNotContain(job("worker-2"));

    assertThat(ender.end(cluster, true).left()).isZero();
    assertThat(site.calls("abort")).as("each once, and the refused one again").isEqualTo(5);
    assertThat(site.calls("job ")).as("each end is remembered").isEqualTo(4);
  }

  @Test
  void aSiteThatRefusesAllThatIsAskedSaysSo() {
    cluster.jobs().forEach(job -> site.refuses("abort " + job, 503));

    assertThatExceptionOfType(UnicoreException.class)
        .isThrownBy(() -> ender.end(cluster, true))
        .withMessageContaining("503");
    assertThat(ender.end(cluster, true).left()).isZero();
  }

  @Test
  void aJobThatTakesItsTimeIsNotAbortedAgainAtOnce() {
    site.next("job jobs/scheduler", () -> site.set(job("scheduler"), JobStatus.RUNNING));
    assertThat(ender.end(cluster, true).left()).isEqualTo(1);

    site.set(job("scheduler"), JobStatus.FAILED);
    assertThat(ender.end(cluster, true).left()).isZero();
    assertThat(site.calls("abort jobs/scheduler")).isEqualTo(1);
  }

  @Test
  void aJobThatTheSiteHasForgottenIsOver() {
    cluster = cluster.withScheduler(SchedulerJob.wanted().withJob(job("forgotten")));

    assertThat(ender.end(cluster, true).over()).contains(job("forgotten"));
  }

  @Test
  void jobsThatOnlyTheSiteKnowsOfAreEndedToo() {
    URI unknown = site.add("unknown", JobStatus.RUNNING, TAG);
    site.add("somebody-elses", JobStatus.RUNNING, "dask-cluster-e1-c2");

    assertThat(ender.end(cluster, true).over()).contains(unknown).hasSize(5);
    assertThat(site.calls("abort jobs/somebody-elses")).isZero();
  }

  @Test
  void aJobThatTurnsUpAfterAllSeemedToBeOverIsEndedToo() {
    site.next("jobs", () -> {});
    site.next("jobs", () -> site.add("late", JobStatus.QUEUED, TAG));

    Result.Ended seemsOver = ender.end(cluster, true);
    assertThat(seemsOver.left()).isZero();
    assertThat(seemsOver.madeSure()).isFalse();

    Result.Ended over = ender.end(cluster, true);
    assertThat(over.over()).contains(job("late"));
    assertThat(over.madeSure()).isTrue();
  }

  @Test
  void aSiteWhereNothingIsToBeEndedIsAskedOnce() {
    cluster =
        cluster
            .withEachWorker(WorkerJob::ended)
            .with()
            .scheduler(cluster.scheduler().withOver(true))
            .allocation(cluster.allocation().ended())
            .build();

    assertThat(ender.end(cluster, true).madeSure()).isTrue();
    assertThat(site.calls()).containsExactly("jobs");
  }

  @Test
  void whatIsListedBeforeJobsAreEndedMakesNothingSure() {
    ender.end(cluster, true);

    assertThat(site.calls()).startsWith("jobs").endsWith("jobs");
    assertThat(site.calls("jobs")).isEqualTo(2);
  }

  @Test
  void anAllocationOfSomebodyElsesStays() {
    cluster = cluster.withAllocation(AllocationJob.somebodyElses(job("allocation")));

    assertThat(ender.end(cluster, true).madeSure()).isTrue();
    assertThat(site.calls("abort jobs/allocation")).isZero();
  }

  @Test
  void aRestartLeavesTheAllocationAndWhatOnlyTheSiteKnows() {
    site.add("unknown", JobStatus.RUNNING, TAG);

    assertThat(ender.end(cluster, false).madeSure()).isTrue();
    assertThat(site.calls("abort")).isEqualTo(3);
    assertThat(site.calls("jobs")).isZero();
  }

  @Test
  void whatIsOnRecordAsOverIsNotAskedForByTheNextNodeEither() {
    cluster = cluster.withEachWorker(WorkerJob::ended);

    assertThat(ender.end(cluster, true).left()).isZero();
    assertThat(site.calls("abort jobs/worker")).isZero();
  }

  private List<String> aborts() {
    return site.calls().stream().filter(call -> call.startsWith("abort")).toList();
  }
}
