package io.unicoredask.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.TestSite;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.SiteDefaults;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.unicore.JobStatus;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs that no cluster wants are ended, and no others. */
class SweepTest {

  private static final Duration GRACE = Duration.ofMinutes(2);
  private static final KnownClusters NONE = new KnownClusters(List.of(), id -> false);

  private final UnicoreSite site = TestSite.unicore();
  private final String installation = UUID.randomUUID().toString().substring(0, 8);
  private final List<URI> submitted = new ArrayList<>();
  private Instant now = Instant.now();
  private final SiteSweep sweep = new SiteSweep(site, installation, GRACE, () -> now);

  @AfterEach
  void endWhatIsLeft() {
    submitted.forEach(site::abort);
  }

  @Test
  void aJobWhoseClusterIsGoneIsEndedAfterTheGracePeriod() {
    URI job = submit(cluster("gone"), "scheduler");

    assertThat(sweep.round(NONE)).isEmpty();
    now = now.plus(GRACE).minusSeconds(1);
    assertThat(sweep.round(NONE)).isEmpty();
    now = now.plusSeconds(1);
    assertThat(sweep.round(NONE)).containsExactly(job);

    await().until(() -> site.job(job).status() == JobStatus.FAILED);
    assertThat(sweep.round(NONE)).isEmpty();
  }

  @Test
  void aJobOfAnotherEngineIsNeverTouched() {
    submit(Cluster.planned("0ther000-gone", "local"), "scheduler");
    assertThat(sweepTwice(NONE)).isEmpty();
  }

  @Test
  void aJobWhoseClusterIsJustBeginningIsLeftAlone() {
    Cluster cluster = cluster("coming");
    submit(cluster, "scheduler");
    assertThat(sweepTwice(new KnownClusters(List.of(), cluster.id()::equals))).isEmpty();
  }

  @Test
  void aJobThatIsWantedAgainIsGivenTheWholeGracePeriodAnew() {
    Cluster cluster = cluster("back");
    URI job = submit(cluster, "scheduler");

    assertThat(sweep.round(NONE)).isEmpty();
    now = now.plus(GRACE);
    assertThat(sweep.round(new KnownClusters(List.of(), cluster.id()::equals))).isEmpty();
    assertThat(sweepTwice(NONE)).containsExactly(job);
  }

  @Test
  void aJobThatDoesNotSayWhatItIsForIsLeftAlone() {
    ObjectNode job = new ObjectMapper().createObjectNode().put("Executable", "sleep 600");
    job.withArray("/Tags").add(JobTags.installation(installation));
    submitted.add(site.submit(job));

    assertThat(sweepTwice(NONE)).isEmpty();
  }

  @Test
  void aSiteThatIsOutOfReachDoesNotKeepTheOthersFromBeingSwept() {
    URI job = submit(cluster("gone"), "scheduler");
    Site reachable = new Site(site, null, SiteDefaults.NONE);
    Sites sites = new Sites(List.of(TestSites.unreachable("away"), reachable));

    new Sweep(sites, installation, Duration.ZERO).round(NONE);

    await().until(() -> site.job(job).status() == JobStatus.FAILED);
  }

  @Test
  void theJobsOnRecordAreLeftAloneAndADoubledOneIsEnded() {
    Cluster cluster = cluster("doubled");
    URI scheduler = submit(cluster, "scheduler");
    URI doubled = submit(cluster, "scheduler");
    URI worker = submit(cluster, "worker-1");
    URI givenUp = submit(cluster, "worker-2");
    submit(cluster, "worker-3");
    Cluster recorded =
        cluster
            .with()
            .scheduler(SchedulerJob.submitted(scheduler))
            .workers(List.of(WorkerJob.submitted(1, worker, 1)))
            .nextWorker(3)
            .build();

    assertThat(sweepTwice(new KnownClusters(List.of(recorded), id -> true)))
        .containsExactlyInAnyOrder(doubled, givenUp);
  }

  @Test
  void anOlderRecordOfTheSameClusterDisownsNothing() {
    Cluster cluster = cluster("copied");
    URI worker = submit(cluster, "worker-1");
    Cluster older = cluster.with().nextWorker(2).build();
    Cluster newer = older.withWorkers(List.of(WorkerJob.submitted(1, worker, 1)));

    URI another = submit(cluster, "worker-1");
    assertThat(sweepTwice(new KnownClusters(List.of(older), id -> true))).contains(another);
    assertThat(sweepTwice(new KnownClusters(List.of(cluster, newer), id -> true))).isEmpty();
  }

  private List<URI> sweepTwice(KnownClusters known) {
    assertThat(sweep.round(known)).isEmpty();
    now = now.plus(GRACE);
    return sweep.round(known);
  }

  private Cluster cluster(String name) {
    return Cluster.planned(installation + "-" + name, "local");
  }

  private URI submit(Cluster cluster, String purpose) {
    ObjectNode job = new ObjectMapper().createObjectNode().put("Executable", "sleep 600");
    JobTags.add(job, cluster, purpose);
    URI url = site.submit(job);
    submitted.add(url);
    return url;
  }
}
