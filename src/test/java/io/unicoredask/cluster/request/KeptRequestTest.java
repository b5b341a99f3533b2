package io.unicoredask.cluster.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.TestSites;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.SiteDefaults;
import io.unicoredask.cluster.site.Sites;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A request as JSON, which outlives the process that read it. */
class KeptRequestTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Sites sites =
      new Sites(
          List.of(
              new Site(
                  TestSites.unreachable("hpc").unicore(),
                  null,
                  new SiteDefaults("batch", "research", "py", "srun", null, null, Map.of()))));

  @Test
  void aSmallRequestIsTheSameAfterwardsAndIsSmall() {
    ClusterRequest request = ClusterRequest.of(Map.of("workers", 2), sites);

    assertThat(ClusterRequest.fromJson(request.toJson())).isEqualTo(request);
    assertThat(request.toJson().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(2048);
  }

  @Test
  void aRichRequestIsTheSameAfterwards() {
    ClusterRequest request = ClusterRequest.of(rich(), sites);

    ClusterRequest read = ClusterRequest.fromJson(request.toJson());

    assertThat(read).isEqualTo(request);
    assertThat(read.changedBy(rich(), sites)).isEqualTo(request);
  }

  @Test
  void itIsWrittenInTheWordsOfItsVariables() throws Exception {
    ObjectNode json = (ObjectNode) JSON.readTree(ClusterRequest.of(rich(), sites).toJson());

    assertThat(json.path("onSchedulerLost").asText()).isEqualTo("restart");
    assertThat(json.path("queueWorkers").asText()).isEqualTo("together");
    assertThat(json.path("tunnel").asText()).isEqualTo("direct");
    assertThat(json.path("idleTimeout").asText()).isEqualTo("PT1H30M");
    assertThat(json.at("/clocks/queueTimeout").asText()).isEqualTo("PT2H");
    assertThat(json.at("/given/queueTimeout").asText()).isEqualTo("PT120M");
    assertThat(json.at("/defaults/launcher").asText()).isEqualTo("srun");
    assertThat(json.has("minWorkers")).isTrue();
    assertThat(json.has("work")).isFalse();
  }

  @Test
  void whatALaterVersionPutDownIsKeptForIt() throws Exception {
    ObjectNode later = (ObjectNode) JSON.readTree(ClusterRequest.of(Map.of(), sites).toJson());
    later.putObject("invented").put("later", true);

    ClusterRequest read = ClusterRequest.fromJson(later.toString());

    assertThat(JSON.readTree(read.changedBy(Map.of("workers", 1), sites).toJson()).path("invented"))
        .isEqualTo(later.path("invented"));
  }

  @Test
  void textThatIsNoRequestIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClusterRequest.fromJson("{\"clocks\": 3}"))
        .withMessageContaining("ClusterRequest");
  }

  private static Map<String, Object> rich() {
    Map<String, Object> rich = new HashMap<>();
    rich.put("site", "hpc");
    rich.put("adapt", "{\"minimum\": 1, \"maximum\": 8, \"wait_count\": 5}");
    rich.put("queue", "fast");
    rich.put("project", "mine");
    rich.put("threads", "2");
    rich.put("processes", 4);
    rich.put("schedulerJob", "{\"Executable\": \"x\", \"Tags\": [\"a\"]}");
    rich.put("workerJob", Map.of("Executable", "y", "Resources", Map.of("Nodes", 1)));
    rich.put("allocation", "{\"Resources\": {\"Nodes\": 12}}");
    rich.put("localPort", 0);
    rich.put("connectDashboard", true);
    rich.put("localDashboardPort", 5000);
    rich.put("tunnel", "direct");
    rich.put("waitForStartup", false);
    rich.put("queueWorkers", "together");
    rich.put("minWorkers", 1);
    rich.put("maxReplacements", 3);
    rich.put("onSchedulerLost", "restart");
    rich.put("dryRun", "false");
    rich.put("debug", true);
    rich.put("idleTimeout", "PT90M");
    rich.put("queueTimeout", "PT120M");
    rich.put("lifetime", "P2D");
    return rich;
  }
}
