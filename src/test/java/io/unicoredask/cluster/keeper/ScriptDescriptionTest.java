package io.unicoredask.cluster.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.TestSites;
import io.unicoredask.cluster.request.ScriptRequest;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.SiteDefaults;
import io.unicoredask.cluster.site.Sites;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is submitted to run a script. */
class ScriptDescriptionTest {

  private boolean hasTls;
  private final Map<String, Object> variables = new HashMap<>(Map.of("script", "import x\nx.y()"));

  @Test
  void anInlineScriptRunsWithThePythonOfTheNodeAndFindsTheScheduler() throws Exception {
    variables.put("queue", "batch");

    assertThat(job(cluster("10.1.2.3"), SiteDefaults.NONE))
        .isEqualTo(
            json(
                """
                {"Executable": "python3",
                 "Arguments": ["dask-script.py"],
                 "Imports": [{"From": "inline://dask-script.py", "To": "dask-script.py",
                              "Data": ["import x", "x.y()"]}],
                 "Environment": ["DASK_SCHEDULER_ADDRESS=tcp://10.1.2.3:8786",
                                 "PYTHONUNBUFFERED=1"],
                 "Resources": {"Queue": "batch"}}
                """));
  }

  @Test
  void anAddressOfIpVersion6StandsInBrackets() throws Exception {
    assertThat(job(cluster("fe80::1"), SiteDefaults.NONE).at("/Environment/0").asText())
        .isEqualTo("DASK_SCHEDULER_ADDRESS=tcp://[fe80::1]:8786");
  }

  @Test
  void theSiteFetchesAUrl() throws Exception {
    variables.put("script", "https://example.org/a.py");

    assertThat(job(cluster("h"), SiteDefaults.NONE).at("/Imports/0"))
        .isEqualTo(json("{\"From\": \"https://example.org/a.py\", \"To\": \"dask-script.py\"}"));
  }

  @Test
  void whatTheUserDescribesStays() throws Exception {
    variables.put(
        "scriptJob",
        """
        {"Executable": "conda run -n x python", "Arguments": ["-X", "dev"],
         "Imports": {"data.csv": {"From": "https://example.org/d"}},
         "Environment": {"PYTHONUNBUFFERED": ""}, "Resources": {"Queue": "mine"}}
        """);

    ObjectNode job = job(cluster("h"), site("/opt/python", "srun"));

    assertThat(job.path("Executable").asText()).isEqualTo("conda run -n x python");
    assertThat(job.path("Arguments")).isEqualTo(json("[\"-X\", \"dev\", \"dask-script.py\"]"));
    assertThat(job.path("Imports").fieldNames())
        .toIterable()
        .containsExactly("data.csv", "dask-script.py");
    assertThat(job.at("/Environment/PYTHONUNBUFFERED").asText()).isEmpty();
    assertThat(job.at("/Environment/DASK_SCHEDULER_ADDRESS").asText()).isEqualTo("tcp://h:8786");
    assertThat(job.at("/Resources/Queue").asText()).isEqualTo("mine");
  }

  @Test
  void inAnAllocationTheSitesPythonIsLaunchedAndNoQueueIsNamed() throws Exception {
    variables.put("queue", "batch");

    ObjectNode job =
        job(
            cluster("h").withAllocation(AllocationJob.somebodyElses(URI.create("https://x/1"))),
            site("/opt/python", "srun -n1"));

    assertThat(job.path("Executable").asText()).isEqualTo("srun -n1 /opt/python");
    assertThat(job.has("Resources")).isFalse();
  }

  @Test
  void theShellOfTheJobLeavesArgumentsAsTheyAre() throws Exception {
    variables.put("scriptArguments", List.of("--n=1", "two words", "it's", "$HOME", ""));

    assertThat(job(cluster("h"), SiteDefaults.NONE).path("Arguments"))
        .isEqualTo(
            json(
                "[\"dask-script.py\", \"--n=1\", \"'two words'\", \"'it'\\\\''s'\","
                    + " \"'$''HOME'\", \"''\"]"));
  }

  @Test
  void whatTheUserSetsInTheEnvironmentIsNotSetAgain() {
    variables.put(
        "scriptJob",
        """
        {"Parameters": {"PYTHONUNBUFFERED": "0"},
         "Environment": ["DASK_SCHEDULER_ADDRESS = tcp://mine:1"]}
        """);

    assertThat(job(cluster("h"), SiteDefaults.NONE).path("Environment")).hasSize(1);
  }

  @Test
  void aScriptInAClusterWithTlsShowsAClientsCertificate() {
    hasTls = true;
    Cluster cluster =
        cluster("h")
            .withScheduler(
                cluster("h").scheduler().with().protocol("tls").directory("/a $b/").build());

    assertThat(job(cluster, SiteDefaults.NONE).path("Environment").toString())
        .startsWith("[\"DASK_SCHEDULER_ADDRESS=tls://h:8786\",")
        .contains("\"DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION=True\"")
        .contains("COMM__TLS__CA_FILE=/a \\\\$b/dask-tls-ca.pem")
        .contains("COMM__TLS__CLIENT__CERT=/a \\\\$b/dask-tls-client.pem");
  }

  private ObjectNode job(Cluster cluster, SiteDefaults defaults) {
    Sites sites =
        new Sites(List.of(new Site(TestSites.unreachable("hpc").unicore(), null, defaults)));
    return new ScriptDescription(ScriptRequest.of(variables, "run", "hpc", sites), cluster, hasTls)
        .job();
  }

  private static SiteDefaults site(String python, String launcher) {
    return new SiteDefaults("other", null, python, launcher, null, null, Map.of());
  }

  private static Cluster cluster(String host) {
    return Cluster.planned("e1-id", "hpc")
        .withScheduler(SchedulerJob.wanted().with().protocol("tcp").host(host).port(8786).build());
  }

  private static JsonNode json(String text) throws Exception {
    return new ObjectMapper().readTree(text);
  }
}
