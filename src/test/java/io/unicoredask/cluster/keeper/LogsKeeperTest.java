package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.NOW;
import static io.unicoredask.cluster.keeper.Situation.job;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.FakeSite;
import io.unicoredask.cluster.keeper.WorkerJob.Status;
import io.unicoredask.unicore.JobStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the jobs of a cluster have written is read once, and told once. */
class LogsKeeperTest {

  private static final Waiting READING = new Waiting("reading", Phase.READ_LOGS, NOW, false);

  private final FakeSite site = new FakeSite("hpc");
  private FakeKeeping keeping;

  @AfterEach
  void close() {
    keeping.close();
  }

  @Test
  void whatWasReadIsKeptWhenACallIsRefused() {
    LogsKeeper logs = logs(3);
    site.refuses("job jobs/worker-2", 503).refuses("job jobs/worker-2", 503);

    assertThat(logs.turn().pause()).isPresent();
    assertThat(keeping.records.outcomes).isEmpty();

    assertThat(logs.turn()).isEqualTo(Next.NEVER);
    assertThat(site.calls("job "))
        .as("four jobs, and three calls for the refused one")
        .isEqualTo(6);
    assertThat(text())
        .containsSubsequence("scheduler stdout", "worker-1", "worker-2 stderr", "worker-3");
    assertThat(keeping.records.outcomes).containsKey("reading");
  }

  @Test
  void whatWasReadIsKeptWhenItCannotBePutDown() {
    LogsKeeper logs = logs(1);
    keeping.records.fail(1, new Superseded());

    assertThat(logs.turn().pause()).isPresent();
    assertThat(logs.turn()).isEqualTo(Next.NEVER);
    assertThat(site.calls("job ")).isEqualTo(2);
  }

  @Test
  void nobodyReadsForSomebodyWhoDoesNotWaitAnyMore() {
    LogsKeeper logs = logs(1);
    keeping.records.gone.add("reading");

    assertThat(logs.turn()).isEqualTo(Next.NEVER);
    assertThat(site.calls()).isEmpty();
  }

  @Test
  void nothingIsToldWhenLeadershipIsLost() {
    LogsKeeper logs = logs(1);
    keeping.mayAct = false;

    assertThat(logs.turn().pause()).isPresent();
    assertThat(keeping.records.outcomes).isEmpty();
  }

  @Test
  void aSiteThatIsAwayIsNoFailureAndAnIncidentWhenItLasts() {
    LogsKeeper logs = logs(0);
    for (int i = 0; i < 4; i++) {
      site.refuses("job jobs/scheduler", 503);
    }
    logs.turn();
    assertThat(keeping.records.incidents).isEmpty();

    keeping.now = NOW.plus(keeping.incidentAfter());
    logs.turn();
    assertThat(keeping.records.incidents).containsKey("reading");
    logs.turn();
    assertThat(keeping.records.incidents).isEmpty();
    assertThat(keeping.records.outcomes).containsEntry("reading", new Outcome.Done());
  }

  @Test
  void whatTheSiteDoesNotShowUsIsSaidInItsPlace() {
    LogsKeeper logs = logs(1);
    site.refuses("job jobs/worker-1", 403);

    assertThat(logs.turn()).isEqualTo(Next.NEVER);
    assertThat(text()).contains("scheduler stdout", "==> worker-1,", "HTTP 403");
  }

  @Test
  void anErrorWhileItReadsLosesNobodyWhoWaits() {
    LogsKeeper logs = logs(1);
    site.next(
        "job jobs/worker-1",
        () -> {
          throw new NoClassDefFoundError("meant to fail");
        });

    assertThat(logs.turn().pause()).isPresent();
    assertThat(logs.turn()).isEqualTo(Next.NEVER);
  }

  @Test
  void whatIsReadIsThatOfTheMomentWhenItWasAskedFor() {
    LogsKeeper logs = logs(1);
    site.refuses("job jobs/worker-1", 503).refuses("job jobs/worker-1", 503);
    site.has("stdout", "as it was\n");
    logs.turn();
    site.has("stdout", "as it is now\n");
    logs.turn();

    assertThat(text()).containsSubsequence("as it was", "worker-1", "as it is now");
  }

  @Test
  void theOldestWorkersAreLeftOutFirst() {
    logs(600).turn();

    assertThat(text())
        .contains("The oldest 101 of 600 worker jobs are left out.")
        .contains("==> scheduler stdout", "==> worker-102 stdout", "==> worker-600 stderr")
        .doesNotContain("==> worker-101 stdout");
  }

  @Test
  void aClusterWithoutAJobSaysSo() {
    logs(Cluster.planned("e1-c1", "hpc")).turn();

    assertThat(text()).contains("Cluster e1-c1 at site 'hpc'", "There is no job yet.");
  }

  private String text() {
    ResultFile file = (ResultFile) keeping.records.outputs.get("clusterLogs");
    return new String(file.content(), UTF_8);
  }

  private LogsKeeper logs(int workers) {
    site.add("scheduler", JobStatus.RUNNING);
    return logs(
        Cluster.planned("e1-c1", "hpc")
            .with()
            .scheduler(SchedulerJob.wanted().withJob(job("scheduler")))
            .workers(
                IntStream.rangeClosed(1, workers)
                    .mapToObj(
                        number -> {
                          site.add("worker-" + number, JobStatus.RUNNING);
                          return Situation.worker(number, Status.RUNNING);
                        })
                    .toList())
            .build());
  }

  private LogsKeeper logs(Cluster cluster) {
    Recorded recorded = new Recorded(cluster, new Demand(null, null, List.of(READING), false), 1);
    keeping = new FakeKeeping(site, new FakeRecords(recorded, new ArrayList<>()));
    return new LogsKeeper(READING, new ClusterKeeper(recorded, keeping), keeping);
  }
}
