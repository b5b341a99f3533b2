package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.job;
import static io.unicoredask.cluster.keeper.Situation.worker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.unicoredask.cluster.FakeSite;
import io.unicoredask.cluster.keeper.WorkerJob.Status;
import io.unicoredask.cluster.site.RequestBudget;
import io.unicoredask.dask.TlsFile;
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
    Result.Ended ended = ender.end(cluster, true, false);

    assertThat(ended.left()).isZero();
    assertThat(ended.madeSure()).isTrue();
    assertThat(ended.over()).containsExactlyInAnyOrderElementsOf(cluster.jobs().toList());
    assertThat(aborts().subList(0, 2))
        .containsExactlyInAnyOrder("abort jobs/worker-1", "abort jobs/worker-2");
    assertThat(aborts().subList(2, 4))
        .containsExactly("abort jobs/scheduler", "abort jobs/allocation");
  }

  @Test
  void theKeysOfAClusterAreDeletedWhenItsJobsAreOver() {
    TlsFile.secret().forEach(file -> site.has(file.fileName(), "a key"));
    site.next("job jobs/scheduler", () -> site.set(job("scheduler"), JobStatus.RUNNING));

    assertThat(ender.end(cluster, true, true).left()).isEqualTo(1);
    assertThat(site.calls("delete")).as("while it runs").isZero();

    site.set(job("scheduler"), JobStatus.FAILED);
    assertThat(ender.end(cluster, true, true).madeSure()).isTrue();
    assertThat(site.calls())
        .contains(
            "delete dask-tls-scheduler.pem",
            "delete dask-tls-worker.pem",
            "delete dask-tls-client.pem");
    ender.end(cluster, true, true);
    assertThat(site.calls("delete")).as("once").isEqualTo(3);
  }

  @Test
  void theKeysOfASchedulerThatWasOverBeforeAndOfOneThatNobodyKnewOfGoToo() {
    cluster = cluster.withScheduler(cluster.scheduler().withOver(true));
    site.add("unknown", JobStatus.RUNNING, TAG);

    ender.end(cluster, true, true);
    ender.end(cluster, true, true);

    assertThat(site.calls("delete dask-tls-client.pem")).isEqualTo(2);
  }

  @Test
  void aKeyThatCannotBeDeletedIsTriedAgainAndDoesNotKeepAClusterForEver() {
    for (int i = 0; i < 2; i++) {
      site.refuses("delete dask-tls-client.pem", 500);
      assertThatExceptionOfType(UnicoreException.class)
          .isThrownBy(() -> ender.end(cluster, true, true));
    }
    site.refuses("delete dask-tls-client.pem", 500);

    assertThat(ender.end(cluster, true, true).madeSure()).isTrue();
    assertThat(site.calls("delete dask-tls-client.pem")).isEqualTo(3);
  }

  @Test
  void aSiteThatIsAwayIsWaitedForUntilTheKeysAreDeleted() {
    for (int i = 0; i < 5; i++) {
      site.refuses("delete dask-tls-client.pem", 503);
      assertThatExceptionOfType(UnicoreException.class)
          .isThrownBy(() -> ender.end(cluster, true, true));
    }

    assertThat(ender.end(cluster, true, true).madeSure()).isTrue();
  }

  @Test
  void theKeysOfAJobThatTheSiteHasForgottenWentWithIt() {
    cluster = cluster.withScheduler(SchedulerJob.wanted().withJob(job("forgotten")));

    assertThat(ender.end(cluster, false, true).left()).isZero();
    assertThat(site.calls("delete")).isZero();
  }

  @Test
  void aClusterWithoutTlsHasNoKeys() {
    assertThat(ender.end(cluster, true, false).madeSure()).isTrue();
    assertThat(site.calls("delete")).isZero();
  }

  @Test
  void aRefusedCallCostsOnlyItself() {
    site.refuses("abort jobs/worker-2", 503);

    Result.Ended first = ender.end(cluster, true, false);
    assertThat(first.left()).isEqualTo(1);
    assertThat(first.madeSure()).isFalse();
    assertThat(first.over()).hasSize(3).doesNotContain(job("worker-2"));

    assertThat(ender.end(cluster, true, false).left()).isZero();
    assertThat(site.calls("abort")).as("each once, and the refused one again").isEqualTo(5);
    assertThat(site.calls("job ")).as("each end is remembered").isEqualTo(4);
  }

  @Test
  void aSiteThatRefusesAllThatIsAskedSaysSo() {
    cluster.jobs().forEach(job -> site.refuses("abort " + job, 503));

    assertThatExceptionOfType(UnicoreException.class)
        .isThrownBy(() -> ender.end(cluster, true, false))
        .withMessageContaining("503");
    assertThat(ender.end(cluster, true, false).left()).isZero();
  }

  @Test
  void aJobThatTakesItsTimeIsNotAbortedAgainAtOnce() {
    site.next("job jobs/scheduler", () -> site.set(job("scheduler"), JobStatus.RUNNING));
    assertThat(ender.end(cluster, true, false).left()).isEqualTo(1);

    site.set(job("scheduler"), JobStatus.FAILED);
    assertThat(ender.end(cluster, true, false).left()).isZero();
    assertThat(site.calls("abort jobs/scheduler")).isEqualTo(1);
  }

  @Test
  void aJobThatTheSiteHasForgottenIsOver() {
    cluster = cluster.withScheduler(SchedulerJob.wanted().withJob(job("forgotten")));

    assertThat(ender.end(cluster, true, false).over()).contains(job("forgotten"));
  }

  @Test
  void jobsThatOnlyTheSiteKnowsOfAreEndedToo() {
    URI unknown = site.add("unknown", JobStatus.RUNNING, TAG);
    site.add("somebody-elses", JobStatus.RUNNING, "dask-cluster-e1-c2");

    assertThat(ender.end(cluster, true, false).over()).contains(unknown).hasSize(5);
    assertThat(site.calls("abort jobs/somebody-elses")).isZero();
  }

  @Test
  void aJobThatTurnsUpAfterAllSeemedToBeOverIsEndedToo() {
    site.next("jobs", () -> {});
    site.next("jobs", () -> site.add("late", JobStatus.QUEUED, TAG));

    Result.Ended seemsOver = ender.end(cluster, true, false);
    assertThat(seemsOver.left()).isZero();
    assertThat(seemsOver.madeSure()).isFalse();

    Result.Ended over = ender.end(cluster, true, false);
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

    assertThat(ender.end(cluster, true, false).madeSure()).isTrue();
    assertThat(site.calls()).containsExactly("jobs");
  }

  @Test
  void whatIsListedBeforeJobsAreEndedMakesNothingSure() {
    ender.end(cluster, true, false);

    assertThat(site.calls()).startsWith("jobs").endsWith("jobs");
    assertThat(site.calls("jobs")).isEqualTo(2);
  }

  @Test
  void anAllocationOfSomebodyElsesStays() {
    cluster = cluster.withAllocation(AllocationJob.somebodyElses(job("allocation")));

    assertThat(ender.end(cluster, true, false).madeSure()).isTrue();
    assertThat(site.calls("abort jobs/allocation")).isZero();
  }

  @Test
  void aRestartLeavesTheAllocationAndWhatOnlyTheSiteKnows() {
    site.add("unknown", JobStatus.RUNNING, TAG);

    assertThat(ender.end(cluster, false, false).madeSure()).isTrue();
    assertThat(site.calls("abort")).isEqualTo(3);
    assertThat(site.calls("jobs")).isZero();
  }

  @Test
  void whatIsOnRecordAsOverIsNotAskedForByTheNextNodeEither() {
    cluster = cluster.withEachWorker(WorkerJob::ended);

    assertThat(ender.end(cluster, true, false).left()).isZero();
    assertThat(site.calls("abort jobs/worker")).isZero();
  }

  private List<String> aborts() {
    return site.calls().stream().filter(call -> call.startsWith("abort")).toList();
  }
}
