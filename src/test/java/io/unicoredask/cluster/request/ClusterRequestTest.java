package io.unicoredask.cluster.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

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
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterRequestTest {

  private final Sites oneSite = new Sites(List.of(TestSites.unreachable("hpc")));
  private final Sites twoSites =
      new Sites(List.of(TestSites.unreachable("hpc"), TestSites.unreachable("other")));

  @Test
  void nothingGivenMeansTheDefaultsOfUnicoreCluster() {
    ClusterRequest request = ClusterRequest.of(Map.of(), oneSite);

    assertThat(request.site()).isEqualTo("hpc");
    assertThat(request.size()).isEqualTo(ClusterSize.workers(0));
    assertThat(request.adapt()).isNull();
    assertThat(request.processes()).isEqualTo(1);
    assertThat(request.threads()).isNull();
    assertThat(request.queue()).isNull();
    assertThat(request.project()).isNull();
    assertThat(request.schedulerJob()).isEmpty();
    assertThat(request.workerJob()).isEmpty();
    assertThat(request.newAllocation()).isNull();
    assertThat(request.localPort()).isEqualTo(4322);
    assertThat(request.connectDashboard()).isFalse();
    assertThat(request.waitForStartup()).isTrue();
    assertThat(request.minWorkers()).isNull();
    assertThat(request.dryRun()).isFalse();
    assertThat(request.queueWorkers()).isEqualTo(QueueWorkers.TOGETHER);
    assertThat(request.localDashboardPort()).isEqualTo(4323);
    assertThat(request.clocks()).containsEntry(TimeLimit.CONNECTION, Duration.ofSeconds(120));
  }

  @Test
  void formsGiveNumbersAndTruthValuesAsTexts() {
    ClusterRequest request =
        ClusterRequest.of(Map.of("workers", "3", "connectDashboard", "true"), oneSite);

    assertThat(request.size()).isEqualTo(ClusterSize.workers(3));
    assertThat(request.connectDashboard()).isTrue();
  }

  @Test
  void aJobDescriptionIsJsonTextOrAMap() {
    ClusterRequest request =
        ClusterRequest.of(
            Map.of(
                "schedulerJob", "{\"Executable\": \"x\"}",
                "workerJob", Map.of("Executable", "y"),
                "allocation", "{\"Resources\": {\"Nodes\": 2}}"),
            oneSite);

    assertThat(request.schedulerJob().path("Executable").asText()).isEqualTo("x");
    assertThat(request.workerJob().path("Executable").asText()).isEqualTo("y");
    assertThat(request.newAllocation().at("/Resources/Nodes").asInt()).isEqualTo(2);
    assertThat(request.allocation()).isNull();
  }

  @Test
  void anAllocationMayBeTheUrlOfARunningOne() {
    String url = "https://hpc.example.org/HPC/rest/core/jobs/abc";

    ClusterRequest request = ClusterRequest.of(Map.of("allocation", url), oneSite);

    assertThat(request.allocation()).isEqualTo(URI.create(url));
    assertThat(request.newAllocation()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          site               | nowhere           | [hpc, other]
          workers            | -1                | whole number from 0
          workers            | 1000000000        | whole number from 0
          workers            | 99999999999999999 | whole number from 0
          workers            | 1.5               | whole number from 0
          workers            | many              | whole number from 0
          jobs               | -1                | whole number from 0
          adapt              | {"minimum": 2}    | JSON object that has a maximum
          adapt              | 10                | JSON object that has a maximum
          adapt              | {"maximum"        | allowed is JSON
          adapt              | {"maximum": 1, "minimum": 2} | a minimum that is not above the maximum
          adapt              | {"maximum": 2} x  | allowed is JSON
          adapt              | {"maximum": 2, "maximum": 3} | Duplicate field 'maximum'
          adapt              | {"maximum": 1e999} | beyond all bounds
          processes          | 0                 | whole number from 1
          threads            | 0                 | whole number from 1
          localPort          | 65536             | whole number from 0 to 65535
          localDashboardPort | http              | whole number from 0 to 65535
          connectDashboard   | perhaps           | true or false
          lifetime           | tomorrow          | ISO 8601 duration
          lifetime           | PT0S              | ISO 8601 duration
          lifetime           | PT0.0009S         | from PT0.001S
          queueTimeout       | -PT1H             | ISO 8601 duration
          queueTimeout       | P3651D            | to P3650D
          queueTimeout       | P99999999999D     | to P3650D
          queueTimeout       | PT9223372036854775807S | to P3650D
          schedulerJob       | {"Executable"     | JSON object
          schedulerJob       | {"Nodes": {}      | marker at [line: 1, column: 1]) at line 1
          schedulerJob       | ["x"]             | JSON object
          schedulerJob       | {"Name": "a"} {}  | Trailing token
          workerJob          | {"Name": "a", "Name": "b"} | Duplicate field 'Name'
          schedulerJob       | no-such           | templates []
          minWorkers         | -1                | whole number from 0
          dryRun             | maybe             | true or false
          queueWorkers       | before            | afterScheduler or together
          waitForStartup     | 1                 | true or false
          workerJob          | {"Arguments": 3}  | Arguments are a list
          workerJob          | {"arguments": ["x"]} | a job description with Arguments in place of arguments
          schedulerJob       | {"Job Type": "raw"} | a job description with Job type in place of Job Type
          allocation         | {"Ressources": {"Nodes": 2}} | a job description with Resources in place of Ressources
          workerJob          | {"Imports": [{"to": "a"}]} | a job description with To in place of Imports.to
          workerJob          | {"Environment": {"A": "\\u0000"}} | without the character NUL
          schedulerJob       | {"Resources": {"QoS": "a\\tb"}} | whose Resources.QoS is a text of one line
          workerJob          | {"Tags": "x"}     | Tags are a list of texts
          workerJob          | {"Tags": [1]}     | Tags are a list of texts
          schedulerJob       | {"Imports": "x"}  | Imports are a list, or an object
          workerJob          | {"Resources": []} | Resources are an object
          workerJob          | {"Environment":1} | Environment is a list
          workerJob          | {"Arguments": ["--name", "x"]} | without the argument --name
          schedulerJob       | {"Arguments": ["--scheduler-file=x"]} | without the argument --scheduler-file
          schedulerJob       | {"Executable": "dask scheduler --scheduler-file x"} | without the argument --scheduler-file
          schedulerJob       | {"Arguments": ["--scheduler-file x"]} | without the argument --scheduler-file
          schedulerJob       | {"Arguments": ["--port", 8799]} | whose Arguments are a list of texts
          schedulerJob       | {"Environment": {"A": 1}} | whose Environment is a list of texts
          schedulerJob       | {"Executable": ["dask", "scheduler"]} | whose Executable is a text
          schedulerJob       | {"Arguments": ["$OPTS"]} | without $OPTS where an option may stand
          schedulerJob       | {"Executable": "dask scheduler &"} | end with the command itself
          schedulerJob       | {"Imports": {"./relay.py": {"From": "u6://x"}}} | without the import relay.py
          schedulerJob       | {"Imports": [{"To": "relay.key"}]} | without the import relay.key
          schedulerJob       | {"Name": "a`b"} | whose Name is a text of one line
          schedulerJob       | {"Resources": {"QoS": "$(x"}} | whose Resources.QoS is a text of one line
          workerJob          | {"Arguments": ["--name mine"]} | without the argument --name
          workerJob          | {"Executable": "srun dask worker --nworkers=2"} | without the argument --nworkers
          workerJob          | {"Arguments": ["--nprocs", "2"]} | without the argument --nprocs
          queue              | a`b               | a text of one line
          project            | a$(b              | a text of one line
          allocation         | {                 | JSON object
          allocation         | https://elsewhere.example.org/rest/core/jobs/x | at the site itself
          """)
  void aValueThatIsNotAllowedIsRefusedWithItsNameAndWhatIsAllowed(
      String variable, String value, String allowed) {
    Map<String, Object> variables =
        variable.equals("site") ? Map.of(variable, value) : Map.of("site", "hpc", variable, value);

    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> ClusterRequest.of(variables, twoSites))
        .withMessageContaining(variable)
        .withMessageContaining(value)
        .withMessageContaining(allowed)
        .extracting(ClusterException::error)
        .isEqualTo(ClusterError.DASK_INVALID_REQUEST);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          threads     | 4     | workerJob    | {"Arguments": ["--nthreads 2"]}      | threads = 4 with --nthreads 2 in workerJob
          idleTimeout | PT1H  | schedulerJob | {"Arguments": ["--idle-timeout=60"]} | idleTimeout = PT1H with --idle-timeout 60 in schedulerJob
          idleTimeout | PT1H  | schedulerJob | {"Environment": ["DASK_DISTRIBUTED__SCHEDULER__IDLE_TIMEOUT=60"]} | idleTimeout = PT1H with DASK_DISTRIBUTED__SCHEDULER__IDLE_TIMEOUT
          tunnel      | relay | schedulerJob | {"Environment": {"DASK_DISTRIBUTED__SCHEDULER__PRELOAD": "x"}} | tunnel = relay with DASK_DISTRIBUTED__SCHEDULER__PRELOAD
          security    | tls   | schedulerJob | {"Arguments": ["--protocol tcp"]}    | security = tls with --protocol tcp in schedulerJob
          security    | tls   | workerJob    | {"Arguments": ["--tls-cert=a.pem"]}  | security = tls with --tls-cert in workerJob
          security    | tls   | schedulerJob | {"Environment": ["DASK_DISTRIBUTED__COMM__TLS__CA_FILE=a"]} | security = tls with DASK_DISTRIBUTED__COMM__TLS__CA_FILE in schedulerJob
          security    | tls   | workerJob    | {"Environment": {"dask_distributed__comm__require_encryption": "False"}} | security = tls with dask_distributed__comm__require_encryption in workerJob
          """)
  void whatAVariableAndADescriptionSayTwiceIsRefused(
      String variable, String value, String job, String description, String reason) {
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> ClusterRequest.of(Map.of(variable, value, job, description), oneSite))
        .withMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          threads     | 4      | workerJob    | {"Arguments": ["--nthreads 4"]}
          tunnel      | direct | schedulerJob | {"Environment": {"DASK_DISTRIBUTED__SCHEDULER__PRELOAD": "x"}}
          security    | none   | schedulerJob | {"Arguments": ["--protocol tls", "--tls-cert=a.pem"]}
          security    | tls    | schedulerJob | {"Arguments": ["--protocol", "tls://"]}
          security    | tls    | workerJob    | {"Environment": ["DASK_DISTRIBUTED__COMM__TLS__CIPHERS=x", "DASK_DISTRIBUTED__COMM__TLS__MIN_VERSION=1.3"]}
          allocation  | {}     | schedulerJob | {"Executable": "docker run --name x image dask scheduler"}
          queue       | batch  | workerJob    | {"Executable": "srun --name x dask worker"}
          """)
  void whatIsSaidOnceOrAlikeIsTaken(String variable, String value, String job, String description) {
    Sites open =
        new Sites(
            List.of(
                new Site(
                    TestSites.unreachable("hpc").unicore(),
                    null,
                    SiteDefaults.NONE,
                    SiteLimits.NONE.withArguments(SiteLimits.DOORS),
                    new RequestBudget(1))));
    assertThat(ClusterRequest.of(Map.of(variable, value, job, description), open)).isNotNull();
  }

  @Test
  void aValueOfAStrangeTypeIsRefusedWithItsType() {
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> ClusterRequest.of(Map.of("workers", true), oneSite))
        .withMessageContaining("workers = true (Boolean)");
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> ClusterRequest.of(Map.of("lifetime", 3600), oneSite))
        .withMessageContaining("lifetime = 3600 (Integer)");
  }

  @Test
  void allThatIsWrongIsSaidAtOnce() {
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> ClusterRequest.of(Map.of("workers", -1, "processes", 0), oneSite))
        .withMessageContaining("workers")
        .withMessageContaining("processes");
  }

  @Test
  void theSiteMustBeNamedIfThereAreSeveral() {
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> ClusterRequest.of(Map.of(), twoSites))
        .withMessageContaining("[hpc, other]");
  }

  @Test
  void aJobDescriptionMayBeATemplateOfTheSite() throws Exception {
    ObjectNode big = (ObjectNode) new ObjectMapper().readTree("{\"Name\": \"big\"}");
    ObjectNode small = (ObjectNode) new ObjectMapper().readTree("{\"Name\": \"small\"}");
    Sites sites =
        new Sites(
            List.of(
                new Site(
                    TestSites.unreachable("hpc").unicore(),
                    null,
                    new SiteDefaults(
                        null,
                        null,
                        null,
                        null,
                        null,
                        "small",
                        Map.of("big", big, "small", small)))));

    ClusterRequest request = ClusterRequest.of(Map.of("schedulerJob", "big"), sites);

    assertThat(request.schedulerJob()).isEqualTo(big).isNotSameAs(big);
    assertThat(request.workerJob()).isEqualTo(small);
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> ClusterRequest.of(Map.of("workerJob", "huge"), sites))
        .withMessageContaining("workerJob = huge")
        .withMessageContaining("[big, small]");
  }

  @ParameterizedTest
  @CsvSource({
    "workers, 9, 1, 'workers = 9 with processes = 1 makes 9 workers', up to 8",
    "workers, 7, 5, 'workers = 7 with processes = 5 makes 10 workers', up to 8",
    "jobs, 5, 2, 'jobs = 5 with processes = 2 makes 10 workers', up to 8",
    "jobs, 5, 1, 'jobs = 5 with processes = 1 makes 5 jobs', up to 4",
    "adapt, '{\"maximum\": 9}', 1, 'adapt.maximum = 9 with processes = 1 makes 9 workers', up to 8",
    "adapt, '{\"maximum\": 7}', 5, 'adapt.maximum = 7 with processes = 5 makes 10 workers', up to 8",
    "lifetime, PT2H1M, 1, lifetime = PT2H1M, up to PT2H"
  })
  void whatGoesBeyondTheLimitsOfTheSiteIsRefused(
      String variable, String value, int processes, String given, String allowed) {
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(
            () -> ClusterRequest.of(Map.of(variable, value, "processes", processes), limitedSite()))
        .withMessageContaining(given)
        .withMessageContaining(allowed)
        .withMessageContaining("at site 'hpc' (unicore-dask.sites.hpc.limits.");
  }

  @Test
  void whatIsWithinTheLimitsIsAllowedAndTheLongestLifeIsTheDefault() {
    ClusterRequest request = ClusterRequest.of(Map.of("workers", 8, "processes", 2), limitedSite());

    assertThat(request.clocks()).containsEntry(TimeLimit.LIFETIME, Duration.ofHours(2));
  }

  private static Sites limitedSite() {
    return new Sites(
        List.of(
            new Site(
                TestSites.unreachable("hpc").unicore(),
                null,
                SiteDefaults.NONE,
                new SiteLimits(8, 4, Duration.ofHours(2)),
                new RequestBudget(1))));
  }

  @Test
  void queuesAndProjectsAreThoseOfTheSitesLimitsWhereverTheyAreAskedFor() {
    Sites narrow = siteWith(Set.of("batch", "debug"), Set.of("hpc"), false);
    Map<String, Object> asked =
        Map.of(
            "queue", "gpu",
            "project", "other",
            "workerJob", "{\"Resources\": {\"Queue\": \"big\", \"Project\": \"hpc\"}}",
            "allocation", "{\"Resources\": {\"Project\": \"mine\"}}");

    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> ClusterRequest.of(asked, narrow))
        .withMessageContaining(
            "queue = gpu is not allowed; allowed at site 'hpc' are [batch, debug]"
                + " (unicore-dask.sites.hpc.limits.queues)")
        .withMessageContaining("project = other is not allowed; allowed at site 'hpc' are [hpc]")
        .withMessageContaining("workerJob.Resources.Queue = big is not allowed")
        .withMessageContaining("allocation.Resources.Project = mine is not allowed")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("workerJob.Resources.Project"));
    assertThat(ClusterRequest.of(Map.of("queue", "debug", "project", "hpc"), narrow).queue())
        .isEqualTo("debug");
  }

  @Test
  void whereOnlyTemplatesAreAllowedNobodyWritesAJobDescription() {
    Sites strict = siteWith(Set.of(), Set.of(), true);

    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(
            () ->
                ClusterRequest.of(
                    Map.of("workerJob", "{\"Executable\": \"rm\"}", "schedulerJob", "{}"), strict))
        .withMessageContaining(
            "allowed is at site 'hpc' the name of one of its templates [big]"
                + " (unicore-dask.sites.hpc.limits.templates-only)")
        .withMessageContaining("schedulerJob = {}");
    assertThat(ClusterRequest.of(Map.of("workerJob", "big"), strict).workerJob())
        .isEqualTo(new ObjectMapper().createObjectNode().put("Executable", "dask-worker"));
    assertThatNoException().isThrownBy(() -> ClusterRequest.of(Map.of("workers", 1), strict));
  }

  private static Sites siteWith(Set<String> queues, Set<String> projects, boolean templatesOnly) {
    ObjectNode big = new ObjectMapper().createObjectNode().put("Executable", "dask-worker");
    return new Sites(
        List.of(
            new Site(
                TestSites.unreachable("hpc").unicore(),
                null,
                new SiteDefaults(null, null, null, null, null, null, Map.of("big", big)),
                new SiteLimits(null, null, null, queues, projects, templatesOnly),
                new RequestBudget(1))));
  }

  @Test
  void moreJobsThanTheAllocationHasNodesAreRefused() {
    Map<String, Object> variables =
        Map.of("allocation", "{\"Resources\": {\"Nodes\": \"3\"}}", "workers", 3);

    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> ClusterRequest.of(variables, oneSite))
        .withMessageContaining("4 jobs in an allocation of 3 nodes");
    assertThat(
            ClusterRequest.of(
                    Map.of("allocation", "{\"Resources\": {\"Nodes\": 4}}", "workers", 3), oneSite)
                .size())
        .isEqualTo(ClusterSize.workers(3));
  }

  @Test
  void moreJobsThanIsSaneAreRefused() {
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> ClusterRequest.of(Map.of("workers", 50_000), oneSite))
        .withMessageContaining("50000 jobs");
    assertThat(
            ClusterRequest.of(Map.of("workers", 50_000, "processes", 100), oneSite)
                .size()
                .jobsOf(100))
        .isEqualTo(500);
  }

  @Test
  void boundsToAdaptWithinAreReadInTheWordsOfDask() {
    ClusterRequest request = ClusterRequest.of(Map.of("adapt", Map.of("maximum", 10)), oneSite);
    assertThat(request.adapt()).isEqualTo(new AdaptiveBounds(0, 10, 3));
    assertThat(request.size()).hasToString("0 to 10 workers");
    assertThat(request.size().jobsOf(1)).isZero();

    String all = "{\"minimum\": 2, \"maximum\": \"8\", \"wait_count\": 5}";
    assertThat(ClusterRequest.of(Map.of("adapt", all), oneSite).adapt())
        .isEqualTo(new AdaptiveBounds(2, 8, 5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"maximum": 4, "interval": "1s"}  | adapt.interval is not allowed; allowed are [minimum, maximum, wait_count]
          {"maximum": 0}                    | adapt.maximum = 0 (Integer) is not allowed; allowed is a whole number from 1
          {"maximum": 4, "minimum": -1}     | adapt.minimum = -1 (Integer) is not allowed; allowed is a whole number from 0
          {"maximum": 4, "wait_count": 0.5} | adapt.wait_count = 0.5 (Double) is not allowed
          """)
  void whatIsWrongWithBoundsIsNamed(String adapt, String problem) {
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> ClusterRequest.of(Map.of("adapt", adapt), oneSite))
        .withMessageContaining(problem);
  }

  @Test
  void noMoreIsAdaptedToThanTheAllocationHasNodesFor() {
    Map<String, Object> variables =
        Map.of("allocation", "{\"Resources\": {\"Nodes\": 3}}", "adapt", "{\"maximum\": 3}");

    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> ClusterRequest.of(variables, oneSite))
        .withMessageContaining(
            "0 to 3 workers and the scheduler make 4 jobs in an allocation of 3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  "})
  void anAllocationThatIsLeftBlankIsNone(String blank) {
    ClusterRequest request = ClusterRequest.of(Map.of("allocation", blank), oneSite);

    assertThat(request.allocation()).isNull();
    assertThat(request.newAllocation()).isNull();
  }

  @Test
  void aPasswordInAUrlThatIsRefusedIsNotShown() {
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(
            () ->
                ClusterRequest.of(
                    Map.of("allocation", "https://me:geheim@elsewhere.example.org/jobs/1"),
                    oneSite))
        .withMessageContaining("elsewhere.example.org")
        .withMessageNotContaining("geheim");
  }

  @Test
  void workersAndJobsTogetherAreRefusedAtFirst() {
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> ClusterRequest.of(Map.of("workers", 2, "jobs", 2), oneSite))
        .withMessageContaining("workers and jobs");
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 0", "1, 1, 1", "5, 4, 2", "8, 4, 2", "9, 4, 3", "100000, 3, 33334"})
  void workersAreSpreadOverAsManyJobsAsTheyNeed(int workers, int processes, int jobs) {
    assertThat(ClusterSize.workers(workers).jobsOf(processes)).isEqualTo(jobs);
    assertThat(ClusterSize.jobs(jobs).jobsOf(processes)).isEqualTo(jobs);
  }

  @Test
  void aSizeIsSaidInWords() {
    assertThat(ClusterSize.workers(1)).hasToString("1 worker");
    assertThat(ClusterSize.jobs(2)).hasToString("2 jobs");
    assertThat(ClusterSize.within(new AdaptiveBounds(0, 10, 3))).hasToString("0 to 10 workers");
  }
}
