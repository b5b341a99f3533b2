package io.unicoredask.localsite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Nodes first, tasks later. */
class AllocationTest {
  private static LocalSite site;
  private static SiteClient client;

  @BeforeAll
  static void start() throws IOException {
    site =
        LocalSite.start(
            LocalSiteSettings.builder().queue("batch", 9).stateLag(Duration.ofMillis(50)).build());
    client = SiteClient.of(site);
  }

  @AfterAll
  static void stop() {
    site.close();
  }

  @Test
  void anAllocationHasTheFieldsOfARealServers() {
    String allocation = allocate("'Nodes':'2'");

    JsonNode json = client.json(allocation);
    assertThat(Recording.keys(json)).isEqualTo(Recording.keys(Recording.of("31-alloc-get").body()));
    assertThat(json.get("jobType").asText()).isEqualTo("ALLOCATE");
    assertThat(json.get("exitCode").asText()).isEqualTo("0");
    assertThat(json.get("batchSystemID").asText()).matches("[0-9]+");
    assertThat(client.json(allocation + "/details").get("NumNodes").asText()).isEqualTo("2");
    client.abort(allocation);
  }

  @Test
  void itsIdIsNoNumberUntilTheNodesAreThere() throws IOException {
    LocalSiteSettings settings =
        LocalSiteSettings.builder().queue("batch", 1).stateLag(Duration.ofSeconds(1)).build();
    try (LocalSite slow = LocalSite.start(settings)) {
      SiteClient slowClient = SiteClient.of(slow);
      String allocation = slowClient.submit("{'Job type':'ALLOCATE'}");

      await().until(() -> !slowClient.field(allocation, "batchSystemID").equals("N/A"));

      assertThat(slowClient.field(allocation, "batchSystemID")).startsWith("INTERACTIVE_");
      assertThat(slowClient.field(allocation, "status")).isEqualTo("QUEUED");
      assertThat(slow.runningProcesses()).isZero();
    }
  }

  @Test
  void aTaskRunsInItWithItsId() {
    String allocation = allocate("'Nodes':'1'");

    String task =
        submitInto(
            allocation,
            "{'Executable':'srun','Environment':['FOO=bar'],'Arguments':"
                + "['--overlap','-n1','-N','1','--tasks=1','env']}");

    assertThat(client.awaitEnd(task)).isEqualTo("SUCCESSFUL");
    JsonNode json = client.json(task);
    assertThat(json.get("jobType").asText()).isEqualTo("ON_LOGIN_NODE");
    assertThat(json.get("queue").asText()).isEqualTo("N/A");
    assertThat(client.text(task, "stdout"))
        .contains(
            "\nSLURM_JOB_ID=" + client.field(allocation, "batchSystemID") + "\n", "\nFOO=bar\n");
    client.abort(allocation);
  }

  @Test
  void aTaskHasTheFieldsOfARealServersTask() {
    String allocation = allocate("'Nodes':'1'");
    String task = submitInto(allocation, "{'Executable':'sleep 300'}");
    client.awaitStatus(task, "RUNNING");

    assertThat(Recording.keys(client.json(task)))
        .isEqualTo(Recording.keys(Recording.of("31d-task-get").body()));
    client.abort(allocation);
  }

  @Test
  void abortingItEndsItsTasksAndFreesItsNodes() {
    String allocation = allocate("'Nodes':'9'");
    String task = submitInto(allocation, "{'Executable':'echo $$ > shell; sleep 300'}");
    long shell = Long.parseLong(client.awaitLine(task, "shell"));

    client.abort(allocation);

    assertThat(client.awaitEnd(allocation)).isEqualTo("FAILED");
    assertThat(client.field(allocation, "statusMessage")).isEqualTo("Job aborted.");
    assertThat(client.awaitEnd(task)).isEqualTo("FAILED");
    assertThat(Processes.isAlive(shell)).isFalse();
    client.abort(allocate("'Nodes':'9'"));
  }

  @Test
  void itsRuntimeEndsIt() {
    String allocation = allocate("'Nodes':'1','Runtime':'1s'");

    assertThat(client.awaitEnd(allocation)).isEqualTo("SUCCESSFUL");
    assertThat(refusal(allocation, "{}"))
        .endsWith("java.lang.Exception: Allocation is not active. Status is DONE");
  }

  @Test
  void nothingElseTakesTasks() {
    String job = client.submit("{'Executable':'sleep 300'}");
    client.awaitStatus(job, "RUNNING");

    assertThat(refusal(job, "{}"))
        .isEqualTo(
            "Could not submit task into allocation: java.lang.Exception: This job is not an"
                + " allocation.");
    client.abort(job);
  }

  @Test
  void aMalformedTaskIs500() {
    String allocation = allocate("'Nodes':'1'");

    assertThat(refusal(allocation, "{\"Executable\":"))
        .startsWith("Could not submit task into allocation: org.json.JSONException: ");
    client.abort(allocation);
  }

  @Test
  void oneThatIsTooBigFails() {
    String allocation = client.submit("{'Job type':'ALLOCATE','Resources':{'Nodes':'10'}}");

    assertThat(client.awaitEnd(allocation)).isEqualTo("FAILED");
    assertThat(client.field(allocation, "statusMessage"))
        .contains("Resource request <Nodes=10> is out of range.");
  }

  private static String allocate(String resources) {
    String url = client.submit("{'Job type':'ALLOCATE','Resources':{%s}}".formatted(resources));
    client.awaitStatus(url, "RUNNING");
    return url;
  }

  private static String submitInto(String allocation, String task) {
    HttpResponse<byte[]> response = client.post(allocation, task.replace('\'', '"'));
    assertThat(response.statusCode()).isEqualTo(201);
    return response.headers().firstValue("Location").orElseThrow();
  }

  private static String refusal(String allocation, String task) {
    HttpResponse<byte[]> response = client.post(allocation, task);
    assertThat(response.statusCode()).isEqualTo(500);
    return SiteClient.read(response.body()).get("errorMessage").asText();
  }
}
