package io.unicoredask.cluster.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.TestSites;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.site.RequestBudget;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.SiteDefaults;
import io.unicoredask.cluster.site.SiteLimits;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.dask.ClusterCertificates;
import io.unicoredask.dask.SchedulerHttp;
import io.unicoredask.dask.TlsFile;
import io.unicoredask.relay.RelayProgram;
import io.unicoredask.relay.RelaySecret;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is submitted for what is asked for; the examples are those of UNICORECluster. */
class JobDescriptionsTest {

  private static final String FILE = "/home/user/UNICORE_Jobs/abc/dask.json";

  private final Map<String, Object> variables = new HashMap<>();

  @Test
  void theSchedulerIsAnApplicationOfTheSiteByDefault() throws Exception {
    variables.put("queue", "your_queue");
    variables.put("project", "your_project");
    variables.put("tunnel", "direct");

    ObjectNode job = scheduler();
    job.remove("Environment");

    assertThat(job)
        .isEqualTo(
            json(
                """
                {"ApplicationName": "dask-scheduler",
                 "Arguments": ["--port", "0", "--scheduler-file", "./dask.json"],
                 "Resources": {"Queue": "your_queue", "Project": "your_project"}}
                """));
  }

  @Test
  void theRelayIsStagedAndPreloadedBesideWhatTheUserStagesAndPreloads() throws Exception {
    variables.put(
        "schedulerJob",
        """
        {"Imports": [{"From": "inline://mine", "To": "mine.py", "Data": "pass"}],
         "Arguments": ["--preload", "./mine.py"]}
        """);
    RelaySecret secret = RelaySecret.random();

    ObjectNode job = descriptions().scheduler(secret, () -> fail("there is no TLS"));

    assertThat(job.path("Imports").findValuesAsText("To"))
        .containsExactly("mine.py", "relay.py", "scheduler_agent.py", "relay.key");
    assertThat(job.at("/Imports/1/Data")).hasSameSizeAs(RelayProgram.lines("relay.py"));
    assertThat(job.at("/Imports/2/Data")).hasSameSizeAs(RelayProgram.lines("scheduler_agent.py"));
    assertThat(job.at("/Imports/3/Data").asText()).isEqualTo(secret.toHex());
    assertThat(job.at("/Imports/3/Permissions").asText()).isEqualTo("rw-------");
    assertThat(job.path("Arguments").toString())
        .startsWith("[\"--preload\",\"./mine.py\"")
        .endsWith("\"--preload\",\"./scheduler_agent.py\"]");
  }

  @Test
  void theCertificatesAreStagedForTheirOwnerOnly() {
    variables.put("security", "tls");
    ClusterCertificates certificates =
        ClusterCertificates.of("e1-c1", Instant.now(), Duration.ofDays(1));

    ObjectNode job = descriptions().scheduler(RelaySecret.random(), () -> certificates);

    assertThat(job.path("Umask").asText()).isEqualTo("0077");
    for (TlsFile file : TlsFile.values()) {
      JsonNode staged = staged(job, file.fileName());
      assertThat(staged.path("Permissions").asText()).isEqualTo("rw-------");
      assertThat(staged.path("Data"))
          .extracting(JsonNode::asText)
          .containsExactlyElementsOf(certificates.content(file).lines().toList());
    }
  }

  private static JsonNode staged(ObjectNode job, String name) {
    for (JsonNode one : job.path("Imports")) {
      if (one.path("To").asText().equals(name)) {
        return one;
      }
    }
    return fail(name + " is not staged");
  }

  @Test
  void aUmaskThatIsGivenStays() {
    variables.put("security", "tls");
    variables.put("schedulerJob", "{\"umask\": \"0007\"}");

    assertThat(scheduler().has("Umask")).isFalse();
    assertThat(staged(scheduler(), "dask-tls-client.pem").path("Permissions").asText())
        .isEqualTo("rw-------");
  }

  @Test
  void noKeyIsShown() {
    variables.put("security", "tls");

    assertThat(staged(scheduler(), "dask-tls-ca.pem").path("Data").toString())
        .isEqualTo("[\"(a certificate)\"]");
    assertThat(staged(scheduler(), "dask-tls-worker.pem").path("Data").toString())
        .isEqualTo("[\"(a certificate and its secret key)\"]");
  }

  @Test
  void whateverStartsDaskFindsTheCertificatesInItsEnvironment() {
    variables.put("security", "tls");
    variables.put("workerJob", "{\"Executable\": \"./my-own\", \"Environment\": {\"A\": \"b\"}}");

    assertThat(scheduler().path("Environment"))
        .extracting(JsonNode::asText)
        .containsExactly(
            "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION=True",
            "DASK_DISTRIBUTED__COMM__DEFAULT_SCHEME=tls",
            "DASK_DISTRIBUTED__COMM__TLS__CA_FILE=./dask-tls-ca.pem",
            "DASK_DISTRIBUTED__COMM__TLS__SCHEDULER__CERT=./dask-tls-scheduler.pem",
            "DASK_DISTRIBUTED__COMM__TLS__WORKER__CERT=./dask-tls-worker.pem",
            "DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT=./dask-tls-client.pem");
    ObjectNode worker = descriptions().worker("worker-1", "/my \"$home\"/dask.json", false);
    assertThat(worker.at("/Environment/A").asText()).isEqualTo("b");
    assertThat(worker.at("/Environment/DASK_DISTRIBUTED__COMM__TLS__WORKER__CERT").asText())
        .isEqualTo("/my \\\"\\$home\\\"/dask-tls-worker.pem");
    assertThat(worker.has("Imports")).isFalse();
  }

  @Test
  void withoutTlsNothingIsStagedOrSaidOfIt() {
    assertThat(scheduler().toString() + worker()).doesNotContain("TLS", "tls", "Umask", "COMM");
  }

  @Test
  void theRelayIsStagedByNameWhereTheUsersImportsAre() {
    variables.put("schedulerJob", "{\"Imports\": {\"mine.py\": {\"From\": \"inline://mine\"}}}");

    assertThat(scheduler().path("Imports").fieldNames())
        .toIterable()
        .containsExactly("mine.py", "relay.py", "scheduler_agent.py", "relay.key");
    assertThat(scheduler().at("/Imports/relay.key/From").asText()).isEqualTo("inline://relay.key");
  }

  @Test
  void neitherTheRelaysProgramNorItsSecretIsShown() {
    assertThat(scheduler().path("Imports").findValues("Data").toString())
        .isEqualTo(
            "[[\"(this plugin's relay.py)\"], [\"(this plugin's scheduler_agent.py)\"], \"(a secret)\"]");
  }

  @Test
  void theSchedulersHttpApiIsSwitchedOnOnlyWhereNoAgentSpeaks() {
    String name = SchedulerHttp.API_ENVIRONMENT.keySet().iterator().next();
    assertThat(scheduler().toString()).doesNotContain(name);

    variables.put("tunnel", "direct");

    assertThat(scheduler().path("Environment").path(0).asText()).startsWith(name + "=");
  }

  @Test
  void theUsersEnvironmentStaysInTheFormItHas() {
    String name = SchedulerHttp.API_ENVIRONMENT.keySet().iterator().next();
    variables.put("tunnel", "direct");
    variables.put("schedulerJob", "{\"Environment\": [\"A=b\", \"" + name + "=mine\"]}");
    assertThat(scheduler().path("Environment")).hasSize(2);
    assertThat(scheduler().path("Environment").path(1).asText()).isEqualTo(name + "=mine");

    variables.put("schedulerJob", "{\"Environment\": {\"A\": \"b\"}}");
    assertThat(scheduler().path("Environment").path("A").asText()).isEqualTo("b");
    assertThat(scheduler().path("Environment").has(name)).isTrue();
  }

  @Test
  void anExecutableWithBlanksAndItsResourcesAndTagsStay() {
    variables.put("queue", "batch");
    variables.put(
        "schedulerJob",
        """
        {"Executable": "conda run -n dask dask-scheduler",
         "Resources": {"Runtime": "2h"}, "Tags": ["dask", "testing"]}
        """);

    ObjectNode job = scheduler();

    assertThat(job.has("ApplicationName")).isFalse();
    assertThat(job.path("Executable").asText()).isEqualTo("conda run -n dask dask-scheduler");
    assertThat(job.at("/Resources/Runtime").asText()).isEqualTo("2h");
    assertThat(job.at("/Resources/Queue").asText()).isEqualTo("batch");
    assertThat(job.path("Tags")).hasSize(2);
  }

  @Test
  void anArgumentThatIsThereIsNotAddedAgain() {
    variables.put("schedulerJob", "{\"Arguments\": [\"--port=8786\", \"--no-show\"]}");
    variables.put("tunnel", "direct");

    assertThat(scheduler().path("Arguments").toString())
        .isEqualTo("[\"--port=8786\",\"--no-show\",\"--scheduler-file\",\"./dask.json\"]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Arguments\": [\"--port 8799\"]}",
        "{\"Executable\": \"srun -n1 dask scheduler --port=8799\"}",
        "{\"Arguments\": [\"$OPTIONS\"], \"Environment\": {\"OPTIONS\": \"--port 8799\"}}"
      })
  void whatIsSetInAnyFormIsNotAddedAgain(String schedulerJob) {
    variables.put("schedulerJob", schedulerJob);

    assertThat(scheduler().path("Arguments").toString())
        .doesNotContain("\"--port\",\"0\"")
        .contains("\"--scheduler-file\",\"./dask.json\"");
  }

  @Test
  void anOptionOfALauncherIsNotDasks() {
    variables.put("schedulerJob", "{\"Executable\": \"srun --port 1 dask scheduler\"}");

    assertThat(scheduler().path("Arguments").toString()).startsWith("[\"--port\",\"0\"");
  }

  @Test
  void aSchedulerFileWithABlankIsOneWord() {
    ObjectNode job = descriptions().worker("worker-1", "/my home/it's/dask.json", false);

    assertThat(job.path("Arguments").path(1).asText()).isEqualTo("'/my home/it'\\''s/dask.json'");
  }

  @Test
  void aWorkerThatIsGivenTheAddressOfItsSchedulerGetsNoSchedulerFile() {
    variables.put("workerJob", "{\"Executable\": \"dask worker tcp://login1:8786\"}");

    assertThat(worker().path("Arguments").toString())
        .startsWith("[\"--name\"")
        .doesNotContain("--scheduler-file");
  }

  @Test
  void theLauncherIsPutBeforeTheCommandThatALineEndsWith() {
    SiteDefaults site = new SiteDefaults(null, null, null, "srun -n1", null, null, Map.of());
    variables.put("allocation", "{}");
    variables.put("workerJob", "{\"Executable\": \"module load srun-tools && dask worker\"}");

    assertThat(
            new JobDescriptions(request(site))
                .worker("worker-1", FILE, false)
                .path("Executable")
                .asText())
        .isEqualTo("module load srun-tools && srun -n1 dask worker");
  }

  @Test
  void workersGetTheSchedulerFileTheirNameAndTheirNumber() {
    variables.put("processes", 4);
    variables.put("threads", 128);

    assertThat(worker().path("ApplicationName").asText()).isEqualTo("dask-worker");
    assertThat(worker().path("Arguments").toString())
        .isEqualTo(
            ("[\"--scheduler-file\",\"%s\",\"--name\",\"worker-1\",\"--nworkers\",\"4\","
                    + "\"--nthreads\",\"128\",\"--death-timeout\",\"600\"]")
                .formatted(FILE));
  }

  @Test
  void workersThatMayRunBeforeTheSchedulerLookForItAsLongAsItMayTakeToComeUp() {
    variables.put("queueTimeout", "PT2H");
    variables.put("startTimeout", "PT10M");

    ObjectNode job = descriptions().worker("worker-1", FILE, true);

    assertThat(job.path("Arguments").toString())
        .endsWith("\"--death-timeout\",\"%d\"]".formatted(2 * 3600 + 600 + 600));
  }

  @Test
  void aDeathTimeoutThatIsGivenStays() {
    variables.put("workerJob", "{\"Arguments\": [\"--death-timeout\", \"60\"]}");

    assertThat(worker().path("Arguments").toString())
        .startsWith("[\"--death-timeout\",\"60\",")
        .containsOnlyOnce("--death-timeout");
  }

  @Test
  void theSchedulerEndsItselfWhenItIsIdleOnlyIfAsked() {
    assertThat(scheduler().path("Arguments").toString()).doesNotContain("--idle-timeout");

    variables.put("idleTimeout", "PT1H30M");
    assertThat(scheduler().path("Arguments").toString()).contains("\"--idle-timeout\",\"5400s\"");
  }

  @Test
  void threadsAreLeftToDaskUnlessGiven() {
    assertThat(worker().path("Arguments").toString()).doesNotContain("--nthreads");
  }

  @Test
  void aQueueThatIsAskedForOverridesTheDescriptions() {
    variables.put("queue", "fast");
    variables.put("workerJob", "{\"Resources\": {\"Queue\": \"slow\", \"Nodes\": \"2\"}}");

    assertThat(worker().at("/Resources/Queue").asText()).isEqualTo("fast");
    assertThat(worker().at("/Resources/Nodes").asText()).isEqualTo("2");
  }

  @Test
  void theSitesDefaultsFillInWhatNobodyGave() {
    SiteDefaults site = new SiteDefaults("batch", "research", null, null, null, null, Map.of());
    variables.put("workerJob", "{\"Resources\": {\"Queue\": \"slow\"}}");

    ObjectNode job = new JobDescriptions(request(site)).worker("worker-1", FILE, false);

    assertThat(job.at("/Resources/Queue").asText()).isEqualTo("slow");
    assertThat(job.at("/Resources/Project").asText()).isEqualTo("research");
  }

  @Test
  void whatTheUserGaveIsNeverChanged() {
    variables.put("workerJob", "{\"Arguments\": [\"--memory-limit\", \"2GB\"]}");
    ClusterRequest request = request();

    new JobDescriptions(request).worker("worker-1", FILE, false);
    ObjectNode second = new JobDescriptions(request).worker("worker-2", FILE, false);

    assertThat(request.workerJob().path("Arguments")).hasSize(2);
    assertThat(second.path("Arguments").toString()).doesNotContain("worker-1");
  }

  @Test
  void anAllocationIsOfThatJobTypeWhateverItsDescriptionSays() {
    variables.put("allocation", "{\"Resources\": {\"Nodes\": 4}}");
    variables.put("queue", "batch");

    ObjectNode job = descriptions().allocation();

    assertThat(job.path("Job type").asText()).isEqualTo("ALLOCATE");
    assertThat(job.at("/Resources/Nodes").asInt()).isEqualTo(4);
    assertThat(job.at("/Resources/Queue").asText()).isEqualTo("batch");
  }

  @Test
  void aSitesPythonStartsDaskAsModulesOfAnyVersion() {
    SiteDefaults site =
        new SiteDefaults(null, null, "conda run -n dask python3", null, null, null, Map.of());

    ObjectNode job = new JobDescriptions(request(site)).worker("worker-1", FILE, false);

    assertThat(job.has("ApplicationName")).isFalse();
    assertThat(job.path("Executable").asText())
        .isEqualTo("conda run -n dask python3 -m distributed.cli.dask_worker");
  }

  @Test
  void theLauncherIsPutBeforeACommandInAnAllocationOnly() {
    SiteDefaults site = new SiteDefaults(null, null, "python3", "srun -n1", null, null, Map.of());
    assertThat(new JobDescriptions(request(site)).scheduler().path("Executable").asText())
        .isEqualTo("python3 -m distributed.cli.dask_scheduler");

    variables.put("allocation", "{\"Resources\": {\"Nodes\": 2}}");
    JobDescriptions inAllocation = new JobDescriptions(request(site));
    assertThat(inAllocation.scheduler().path("Executable").asText())
        .isEqualTo("srun -n1 python3 -m distributed.cli.dask_scheduler");
    assertThat(inAllocation.warning(inAllocation.scheduler())).isEmpty();
  }

  @Test
  void aCommandThatHasALauncherGetsNoOther() {
    SiteDefaults site = new SiteDefaults(null, null, null, "srun -n1", null, null, Map.of());
    variables.put("allocation", "{}");
    variables.put("workerJob", "{\"Executable\": \"srun --tasks=1 dask-worker\"}");

    assertThat(
            new JobDescriptions(request(site))
                .worker("worker-1", FILE, false)
                .path("Executable")
                .asText())
        .isEqualTo("srun --tasks=1 dask-worker");
  }

  @Test
  void aJobInAnAllocationWithoutALauncherIsWarnedOf() {
    assertThat(descriptions().warning(descriptions().scheduler())).isEmpty();

    variables.put("allocation", "{}");
    assertThat(descriptions().warning(descriptions().scheduler()))
        .hasValueSatisfying(
            warning -> assertThat(warning).contains("dask-scheduler").contains("login node"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"/opt/dask\" scheduler", "env \"A=b c\" dask scheduler"})
  void theWarningNamesTheCommandThatWasGiven(String command) {
    variables.put("allocation", "{}");
    variables.put(
        "schedulerJob", new JsonMapper().createObjectNode().put("Executable", command).toString());

    assertThat(descriptions().warning(descriptions().scheduler()))
        .hasValueSatisfying(
            warning -> assertThat(warning).startsWith("'%s' has no launcher".formatted(command)));
  }

  @Test
  void jobsInAnAllocationHaveNoQueueOfTheirOwn() {
    variables.put("queue", "batch");
    variables.put("allocation", "{}");

    assertThat(descriptions().scheduler().has("Resources")).isFalse();
    assertThat(descriptions().allocation().at("/Resources/Queue").asText()).isEqualTo("batch");
  }

  private JobDescriptions descriptions() {
    return new JobDescriptions(request());
  }

  @Test
  void aJobsTagsNameItsProjectItsClusterAndItsPurpose() {
    ObjectNode job = worker();

    JobTags.add(job, Cluster.planned("e1-42", "hpc"), "worker-1");

    assertThat(job.path("Tags").toString())
        .isEqualTo(
            "[\"camunda-unicore-dask\",\"camunda-unicore-dask-e1\",\"dask-cluster-e1-42\","
                + "\"dask-cluster-e1-42-worker-1\"]");
  }

  @Test
  void aWorkerIsMappedToItsJobByItsName() {
    Set<Integer> first = Set.of(1);

    assertThat(WorkerJob.isOneOf(first, "worker-1")).isTrue();
    assertThat(WorkerJob.isOneOf(first, "worker-1-0")).isTrue();
    assertThat(WorkerJob.isOneOf(first, "worker-1-12")).isTrue();
    assertThat(WorkerJob.isOneOf(first, "worker-10")).isFalse();
    assertThat(WorkerJob.isOneOf(first, "worker-10-1")).isFalse();
    assertThat(WorkerJob.isOneOf(first, "worker-1-x")).isFalse();
  }

  private ObjectNode scheduler() {
    return descriptions().scheduler();
  }

  private ObjectNode worker() {
    return descriptions().worker("worker-1", FILE, false);
  }

  private ClusterRequest request() {
    return request(SiteDefaults.NONE);
  }

  private ClusterRequest request(SiteDefaults defaults) {
    return ClusterRequest.of(
        variables,
        new Sites(
            List.of(
                new Site(
                    TestSites.unreachable("hpc").unicore(),
                    null,
                    defaults,
                    SiteLimits.NONE.withArguments(Set.of("--preload")),
                    new RequestBudget(1)))));
  }

  private static ObjectNode json(String text) throws Exception {
    return (ObjectNode) new ObjectMapper().readTree(text);
  }
}
