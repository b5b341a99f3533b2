package io.unicoredask.cluster.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.TestSite;
import io.unicoredask.cluster.FakeSite;
import io.unicoredask.cluster.TestSites;
import io.unicoredask.cluster.identity.HandsOffException;
import io.unicoredask.cluster.identity.Permit;
import io.unicoredask.cluster.keeper.Cluster;
import io.unicoredask.cluster.keeper.JobTags;
import io.unicoredask.cluster.keeper.JobTimes;
import io.unicoredask.cluster.keeper.SchedulerJob;
import io.unicoredask.cluster.keeper.WorkerJob;
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
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs that no cluster wants are ended, and no others. */
class SweepTest {

  private static final Duration GRACE = Duration.ofMinutes(2);
  private static final KnownClusters NONE = new KnownClusters(List.of());

  private final UnicoreSite site = TestSite.unicore();
  private final String installation = UUID.randomUUID().toString().substring(0, 8);
  private final List<URI> submitted = new ArrayList<>();
  private Instant now = Instant.now();
  private final SiteSweep sweep =
      new SiteSweep(site, installation, GRACE, Permit.ALWAYS, () -> now);

  private final FakeSite fake = new FakeSite("fake");
  private final SiteSweep ofFake =
      new SiteSweep(fake, installation, GRACE, Permit.ALWAYS, () -> now);

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
  void nothingIsEndedOnceSomebodyElseHasTakenOver() {
    submit(cluster("gone"), "scheduler");
    Permit takenOver =
        new Permit() {
          @Override
          public void require(String name) {}

          @Override
          public void requireNow(String name) {
            throw new HandsOffException("somebody else acts there", false);
          }
        };
    SiteSweep late = new SiteSweep(site, installation, GRACE, takenOver, () -> now);
    late.round(NONE);
    now = now.plus(GRACE);

    assertThatThrownBy(() -> late.round(NONE)).isInstanceOf(HandsOffException.class);
    assertThat(submitted).noneMatch(job -> site.job(job).status() == JobStatus.FAILED);
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
    assertThat(sweepTwice(knowing(cluster))).isEmpty();
  }

  @Test
  void aJobThatIsWantedAgainIsGivenTheWholeGracePeriodAnew() {
    Cluster cluster = cluster("back");
    URI job = submit(cluster, "scheduler");

    assertThat(sweep.round(NONE)).isEmpty();
    now = now.plus(GRACE);
    assertThat(sweep.round(knowing(cluster))).isEmpty();
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

    assertThat(
            new Sweep(sites, installation, Duration.ZERO, Permit.ALWAYS, new KeptAccounts())
                .round(NONE))
        .containsExactly("local");

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
            .scheduler(scheduler(scheduler))
            .workers(List.of(worker(1, worker)))
            .nextWorker(3)
            .build();

    assertThat(sweepTwice(knowing(recorded))).containsExactlyInAnyOrder(doubled, givenUp);
  }

  @Test
  void aJobThatIsWantedAndNotYetKnownToBeSubmittedIsLeftAlone() {
    Cluster cluster = cluster("wanting");
    add(cluster, "worker-1", JobStatus.QUEUED);
    Cluster recorded = cluster.with().workers(List.of(worker(1, null))).nextWorker(2).build();

    sweepFakeTwice(knowing(recorded));
    assertThat(fake.calls("abort")).isZero();
  }

  @Test
  void theSchedulerThatARestartHasLeftBehindIsEnded() {
    Cluster cluster = cluster("restarted").withRestarts(1);
    URI old = add(cluster, "scheduler", JobStatus.RUNNING);
    add(cluster, "scheduler-2", JobStatus.QUEUED);

    assertThat(sweepFakeTwice(knowing(cluster))).containsExactly(old);
  }

  @Test
  void theSameJobIdAtTwoSitesIsToldApart() {
    Cluster elsewhere =
        Cluster.planned(installation + "-elsewhere", "another")
            .withScheduler(scheduler(URI.create("jobs/1")));
    URI job = fake.add("1", JobStatus.QUEUED, tags(cluster("gone"), "scheduler"));
    assertThat(elsewhere.jobs()).containsExactly(job);

    assertThat(sweepFakeTwice(knowing(elsewhere))).containsExactly(job);
  }

  @Test
  void whatIsOverIsReadOnceHoweverMuchOfItThereIs() {
    IntStream.range(0, 250)
        .forEach(number -> fake.add("o" + number, JobStatus.SUCCESSFUL, tags(cluster("o"), "w")));

    IntStream.range(0, 10).forEach(round -> ofFake.round(NONE));
    assertThat(fake.calls("job ")).isEqualTo(250);
  }

  @Test
  void aHundredAreReadARoundAndThoseThatWereSeenUnwantedFirst() {
    URI gone = add(cluster("gone"), "scheduler", JobStatus.RUNNING);
    ofFake.round(NONE);
    Cluster busy = cluster("busy");
    IntStream.range(0, 250).forEach(number -> add(busy, "script-" + number, JobStatus.RUNNING));

    now = now.plus(GRACE);
    assertThat(ofFake.round(knowing(busy))).containsExactly(gone);
    assertThat(fake.calls("job ")).isEqualTo(101);
  }

  @Test
  void jobsThatAreWantedWithoutBeingOnRecordKeepNoOtherFromBeingFound() {
    Cluster busy = cluster("busy");
    IntStream.range(0, 150).forEach(number -> add(busy, "script-" + number, JobStatus.RUNNING));
    URI gone = add(cluster("gone"), "scheduler", JobStatus.RUNNING);

    ofFake.round(knowing(busy));
    ofFake.round(knowing(busy));
    now = now.plus(GRACE);
    assertThat(ofFake.round(knowing(busy))).containsExactly(gone);
  }

  private List<URI> sweepTwice(KnownClusters known) {
    return twice(sweep, known);
  }

  private List<URI> sweepFakeTwice(KnownClusters known) {
    return twice(ofFake, known);
  }

  private List<URI> twice(SiteSweep swept, KnownClusters known) {
    assertThat(swept.round(known)).isEmpty();
    now = now.plus(GRACE);
    return swept.round(known);
  }

  private static KnownClusters knowing(Cluster cluster) {
    return new KnownClusters(List.of(cluster));
  }

  private Cluster cluster(String name) {
    return Cluster.planned(installation + "-" + name, "local");
  }

  private static SchedulerJob scheduler(URI job) {
    return new SchedulerJob(
        job, null, null, null, null, null, null, null, null, false, JobTimes.NONE);
  }

  private static WorkerJob worker(int number, URI job) {
    WorkerJob.Status status = job == null ? WorkerJob.Status.WANTED : WorkerJob.Status.QUEUED;
    return new WorkerJob(number, job, 1, status, false, false, 0, false, JobTimes.NONE);
  }

  private String[] tags(Cluster cluster, String purpose) {
    String ofCluster = "dask-cluster-" + cluster.id();
    return new String[] {JobTags.installation(installation), ofCluster, ofCluster + "-" + purpose};
  }

  private URI add(Cluster cluster, String purpose, JobStatus status) {
    return fake.add(cluster.id() + "-" + purpose, status, tags(cluster, purpose));
  }

  private URI submit(Cluster cluster, String purpose) {
    ObjectNode job = new ObjectMapper().createObjectNode().put("Executable", "sleep 600");
    String ofCluster = "dask-cluster-" + cluster.id();
    job.withArray("/Tags")
        .add(JobTags.installation(cluster.id().substring(0, cluster.id().indexOf('-'))))
        .add(ofCluster)
        .add(ofCluster + "-" + purpose);
    URI url = site.submit(job);
    submitted.add(url);
    return url;
  }
}
