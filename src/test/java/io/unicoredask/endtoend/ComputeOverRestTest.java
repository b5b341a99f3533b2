package io.unicoredask.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.ApplicationTest;
import io.unicoredask.DaskClient;
import io.unicoredask.DaskEnvironment;
import io.unicoredask.TestSite;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;

/** As a user sees it: a cluster by one REST call, a real Dask client on it, and nothing left. */
@ApplicationTest
@ExtendWith(OutputCaptureExtension.class)
@Tag(DaskEnvironment.TAG)
class ComputeOverRestTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @LocalServerPort int port;

  @Value("${application.home}")
  private Path home;

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void aClusterStartedByOneRestCallComputesScalesAndLeavesNothingBehind() throws Exception {
    String instance =
        post(
                "/process-definition/key/dask-cluster/start",
                """
                {"businessKey": "pi", "variables": {
                  "site": {"value": "local"},
                  "workers": {"value": 2}, "localPort": {"value": 0}}}
                """)
            .path("id")
            .asText();
    await().atMost(LIMIT).until(() -> variable(instance, "clusterStatus").equals("RUNNING"));
    String address = variable(instance, "schedulerAddress");

    JsonNode result = compute(address, 2);
    assertThat(result.path("result").asDouble()).isCloseTo(Math.PI, offset(0.05));
    assertThat(result.path("workers")).hasSize(2);

    message("dask-cluster-scale", "{\"workers\": {\"value\": 3}}");
    assertThat(compute(address, 3).path("workers")).hasSize(3);

    message("dask-cluster-scale", "{\"workers\": {\"value\": 1}}");
    await().atMost(LIMIT).until(() -> runningJobs(instance) == 2);
    assertThat(compute(address, 1).path("workers")).hasSize(1);

    message("dask-cluster-teardown", "{}");
    await().atMost(LIMIT).until(() -> variable(instance, "clusterStatus").equals("STOPPED"));
    await().atMost(LIMIT).until(() -> runningJobs(instance) == 0);
  }

  @Test
  void aMessageToAClusterThatIsOverIsABadRequestThatSaysHowItEndedAndOneLineInTheLog(
      CapturedOutput log) throws Exception {
    String instance =
        post(
                "/process-definition/key/dask-cluster/start",
                """
                {"businessKey": "over", "variables": {
                  "site": {"value": "local"}, "queue": {"value": "full"},
                  "localPort": {"value": 0}}}
                """)
            .path("id")
            .asText();
    String message = "{\"messageName\": \"dask-cluster-%s\", \"%s\": \"%s\"}";
    post("/message", message.formatted("teardown", "processInstanceId", instance));
    await().atMost(LIMIT).until(() -> variable(instance, "clusterStatus").equals("STOPPED"));

    for (String whose :
        List.of(
            message.formatted("logs", "processInstanceId", instance),
            message.formatted("logs", "businessKey", "over"))) {
      HttpResponse<String> answer = answer("/message", whose);
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains(instance).contains("is over: STOPPED at ");
    }
    assertThat(log.getAll().lines().filter(line -> line.contains("is over: STOPPED"))).hasSize(2);
    assertThat(log.getAll()).doesNotContain("MismatchingMessageCorrelationException");
  }

  private static JsonNode compute(String address, int workers) throws Exception {
    return DaskClient.compute(TestSite.python(), address, workers);
  }

  private long runningJobs(String instance) {
    return TestSite.site().jobs().stream()
        .filter(job -> job.running())
        .filter(job -> job.tags().stream().anyMatch(tag -> tag.endsWith(instance)))
        .count();
  }

  private String variable(String instance, String name) throws IOException, InterruptedException {
    return send(request(
                "/history/variable-instance?processInstanceId=%s&variableName=%s"
                    .formatted(instance, name))
            .GET())
        .path(0)
        .path("value")
        .asText();
  }

  private void message(String name, String variables) throws IOException, InterruptedException {
    post(
        "/message",
        "{\"messageName\": \"%s\", \"businessKey\": \"pi\", \"processVariables\": %s}"
            .formatted(name, variables));
  }

  private JsonNode post(String path, String body) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> answer(String path, String body)
      throws IOException, InterruptedException {
    return http.send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) throws IOException {
    String basic = Base64.getEncoder().encodeToString(("admin:" + password()).getBytes());
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/engine-rest" + path))
        .header("Authorization", "Basic " + basic);
  }

  private String password() throws IOException {
    return Files.readString(home.resolve("admin-password")).strip();
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    return answer.body().isEmpty() ? JSON.missingNode() : JSON.readTree(answer.body());
  }
}
