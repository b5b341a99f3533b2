package io.unicoredask.cluster.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.TestSites;
import io.unicoredask.cluster.site.RequestBudget;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.SiteDefaults;
import io.unicoredask.cluster.site.SiteLimits;
import io.unicoredask.cluster.site.Sites;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a message changes of a request, and what nothing else does. */
class ChangedRequestTest {

  private final Sites sites = sites(SiteDefaults.NONE, SiteLimits.NONE);

  @Test
  void aMessageThatBringsNothingChangesNothing() {
    ClusterRequest before = ClusterRequest.of(Map.of("workers", 2, "queue", "batch"), sites);
    Map<String, Object> blank = new HashMap<>();
    blank.put("queue", " ");
    blank.put("project", null);

    assertThat(before.changedBy(Map.of(), sites)).isEqualTo(before);
    assertThat(before.changedBy(blank, sites)).isEqualTo(before);
  }

  @Test
  void ofWorkersJobsAndAdaptTheNewOneCountsAndTheOldOneMayStandBesideIt() {
    Map<String, Object> adapt = Map.of("maximum", 2);
    ClusterRequest workers = ClusterRequest.of(Map.of("workers", 2), sites);
    assertThat(workers.size()).isEqualTo(ClusterSize.workers(2));

    ClusterRequest jobs = workers.changedBy(Map.of("workers", "2", "jobs", 3), sites);
    assertThat(jobs.size()).isEqualTo(ClusterSize.jobs(3));

    ClusterRequest bounds = jobs.changedBy(Map.of("jobs", 3, "adapt", adapt), sites);
    assertThat(bounds.adapt()).isEqualTo(new AdaptiveBounds(0, 2, 3));
    assertThat(bounds.size()).hasToString("0 to 2 workers");

    ClusterRequest again = bounds.changedBy(Map.of("workers", 2), sites);
    assertThat(again.size()).isEqualTo(ClusterSize.workers(2));
    assertThat(again.adapt()).isNull();
  }

  @Test
  void theLastSizeStandsWhenNoneIsGiven() {
    ClusterRequest before = ClusterRequest.of(Map.of("adapt", Map.of("maximum", 4)), sites);

    ClusterRequest after = before.changedBy(Map.of("threads", 3), sites);

    assertThat(after.threads()).isEqualTo(3);
    assertThat(after.size()).isEqualTo(before.size());
    assertThat(after.adapt()).isEqualTo(before.adapt());
  }

  @Test
  void noClusterOutlivesItsCertificates() {
    ClusterRequest before = ClusterRequest.of(Map.of("security", "tls"), sites);

    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> before.changedBy(Map.of("lifetime", "P3D", "threads", 2), sites))
        .withMessageContaining(
            "lifetime = P3D (String) is not allowed; allowed is with security = tls, what")
        .withMessageContaining("no longer than PT72H7M")
        .withMessageNotContaining("queueTimeout = ");
    assertThat(before.changedBy(Map.of("lifetime", "PT1H"), sites).longest())
        .isLessThan(before.longest());
    assertThat(before.changedBy(Map.of("lifetime", "PT30H", "queueTimeout", "PT1H"), sites))
        .isNotNull();
    assertThat(ClusterRequest.of(Map.of(), sites).changedBy(Map.of("lifetime", "P3D"), sites))
        .isNotNull();
  }

  @Test
  void whoIsKnownIsWhatTheClusterWasStartedWith() {
    ClusterRequest before = ClusterRequest.of(Map.of(), sites);

    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> before.changedBy(Map.of("security", "tls"), sites))
        .withMessageContaining("security = tls");
  }

  @Test
  void withoutWhatMakesCertificatesTlsIsRefused() {
    assertThat(TlsCheck.problem(true)).isEmpty();
    assertThat(TlsCheck.problem(false))
        .get()
        .asString()
        .contains("security = tls is not allowed", "org.bouncycastle:bcpkix-jdk18on");
  }

  @Test
  void twoNewSizesAreOneTooMany() {
    ClusterRequest before = ClusterRequest.of(Map.of("workers", 2), sites);

    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> before.changedBy(Map.of("workers", 3, "jobs", 3), sites))
        .withMessageContaining("workers and jobs are given together; allowed is one of them");
  }

  @Test
  void aMisspeltKeyOfAJobDescriptionIsRefusedInAMessageToo() {
    ClusterRequest before = ClusterRequest.of(Map.of("workers", 2), sites);

    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> before.changedBy(Map.of("workerJob", Map.of("excutable", "x")), sites))
        .withMessageContaining("with Executable in place of excutable");
  }

  @Test
  void jsonThatIsLaidOutOtherwiseIsNoChange() {
    ClusterRequest before = ClusterRequest.of(Map.of("adapt", "{\"maximum\": 4}"), sites);

    assertThat(before.changedBy(Map.of("adapt", "{ \"maximum\" :4}"), sites)).isEqualTo(before);
    assertThat(before.changedBy(Map.of("adapt", Map.of("maximum", 4)), sites)).isEqualTo(before);
  }

  @Test
  void aConfigurationThatIsAnotherByNowChangesNothing() throws Exception {
    ObjectNode big = (ObjectNode) new ObjectMapper().readTree("{\"Name\": \"big\"}");
    Map<String, Object> start = Map.of("workers", 8, "workerJob", "big", "lifetime", "PT10H");
    ClusterRequest before =
        ClusterRequest.of(
            start,
            sites(
                new SiteDefaults("batch", null, "python3", null, "big", null, Map.of("big", big)),
                SiteLimits.NONE));
    Sites now = sites(SiteDefaults.NONE, new SiteLimits(4, 4, Duration.ofHours(1)));
    Map<String, Object> message = new HashMap<>(start);
    message.put("threads", 2);

    ClusterRequest after = ClusterRequest.fromJson(before.toJson()).changedBy(message, now);

    assertThat(after.threads()).isEqualTo(2);
    assertThat(after.workerJob()).isEqualTo(big);
    assertThat(after.schedulerJob()).isEqualTo(big);
    assertThat(after.defaults()).isEqualTo(new JobDefaults("batch", null, "python3", null));
    assertThat(after.size()).isEqualTo(ClusterSize.workers(8));
    assertThat(after.clocks()).containsEntry(TimeLimit.LIFETIME, Duration.ofHours(10));
  }

  @Test
  void aSiteThatIsNotConfiguredAnyMoreIsOnlyMissedWhereItIsNeeded() {
    ClusterRequest before = ClusterRequest.of(Map.of(), sites);

    assertThat(before.changedBy(Map.of("debug", true), new Sites(List.of())).debug()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "workers, 9, 'workers = 9 with processes = 1 makes 9 workers'",
    "processes, 4, 'workers = 3 with processes = 4 makes 4 workers'",
    "lifetime, PT2H, up to PT1H"
  })
  void whatIsNewHasToBeWithinTheLimitsAsTheyAreNow(String variable, String value, String problem) {
    ClusterRequest before = ClusterRequest.of(Map.of("workers", 3), sites);
    Sites now = sites(SiteDefaults.NONE, new SiteLimits(3, 3, Duration.ofHours(1)));

    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> before.changedBy(Map.of(variable, value), now))
        .withMessageContaining(problem)
        .withMessageContaining("at site 'hpc'");
  }

  @Test
  void theNodesOfTheAllocationHoldForANewSizeToo() {
    ClusterRequest before =
        ClusterRequest.of(
            Map.of("allocation", "{\"Resources\": {\"Nodes\": 3}}", "workers", 2), sites);

    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> before.changedBy(Map.of("jobs", 3), sites))
        .withMessageContaining("4 jobs in an allocation of 3 nodes");
  }

  @ParameterizedTest
  @CsvSource({
    "site, other",
    "allocation, https://hpc.example.org/HPC/rest/core/jobs/2",
    "localPort, 4400",
    "localDashboardPort, 4400",
    "connectDashboard, true",
    "tunnel, direct",
    "dryRun, true",
    "work, dask-script"
  })
  void whatCouldHaveNoEffectAnyMoreIsRefused(String variable, String value) {
    ClusterRequest before = ClusterRequest.of(Map.of(), sites);

    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> before.changedBy(Map.of(variable, value), sites))
        .withMessage(
            "%s = %s (String) is not allowed; allowed is what the cluster was started with, which no message can change"
                .formatted(variable, value))
        .extracting(ClusterException::error)
        .isEqualTo(ClusterError.DASK_INVALID_REQUEST);
  }

  @ParameterizedTest
  @CsvSource({"site, hpc", "localPort, 4322", "connectDashboard, false", "tunnel, auto"})
  void whatCountsAnywayMayBeSaidAgain(String variable, String value) {
    ClusterRequest before = ClusterRequest.of(Map.of(), sites);

    assertThat(before.changedBy(Map.of(variable, value), sites)).isEqualTo(before);
  }

  @Test
  void timeLimitsAndWhatNewJobsAreLikeMayChange() {
    ClusterRequest before = ClusterRequest.of(Map.of("queue", "slow"), sites);

    ClusterRequest after =
        before.changedBy(
            Map.of(
                "queue", "fast",
                "workerJob", "{\"Name\": \"new\"}",
                "schedulerJob", "{\"Name\": \"again\"}",
                "workersTimeout", "PT1H",
                "onSchedulerLost", "restart",
                "minWorkers", 1),
            sites);

    assertThat(after.queue()).isEqualTo("fast");
    assertThat(after.workerJob().path("Name").asText()).isEqualTo("new");
    assertThat(after.schedulerJob().path("Name").asText()).isEqualTo("again");
    assertThat(after.clocks()).containsEntry(TimeLimit.WORKERS, Duration.ofHours(1));
    assertThat(after.onSchedulerLost()).isEqualTo(OnSchedulerLost.RESTART);
    assertThat(after.minWorkers()).isEqualTo(1);
    assertThat(before.queue()).isEqualTo("slow");
  }

  @Test
  void aRestartIsNotForAClusterThatHasWork() {
    ClusterRequest before = ClusterRequest.of(Map.of("work", "mine"), sites);

    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> before.changedBy(Map.of("onSchedulerLost", "restart"), sites))
        .withMessageContaining("work = mine with onSchedulerLost = restart");
  }

  @Test
  void allThatIsWrongWithAMessageIsSaidAtOnce() {
    ClusterRequest before = ClusterRequest.of(Map.of(), sites);

    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(
            () ->
                before.changedBy(
                    Map.of("workers", -1, "n_jobs", 1, "Jobs", 2, "cluster", "{}", "site", "x"),
                    sites))
        .withMessageContaining("workers = -1")
        .withMessageContaining("Jobs is no variable of a cluster; use jobs")
        .withMessageContaining("cluster may not be given")
        .withMessageContaining("site = x");
  }

  private static Sites sites(SiteDefaults defaults, SiteLimits limits) {
    return new Sites(
        List.of(
            new Site(
                TestSites.unreachable("hpc").unicore(),
                null,
                defaults,
                limits,
                new RequestBudget(20))));
  }
}
