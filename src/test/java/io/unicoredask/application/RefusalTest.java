package io.unicoredask.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.ApplicationTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What a client of the engine's REST API is told that asks for what is not allowed. */
@ApplicationTest
@ExtendWith(OutputCaptureExtension.class)
class RefusalTest {

  @Autowired private ApplicationProperties application;
  @LocalServerPort private int port;

  @Test
  void aStartThatIsRefusedIsABadRequestWithTheReasonAndALineInTheLog(CapturedOutput log)
      throws Exception {
    HttpResponse<String> answer =
        start("{\"site\": {\"value\": \"local\"}, \"workers\": {\"value\": -1}}");

    assertThat(answer.statusCode()).isEqualTo(400);
    JsonNode error = new ObjectMapper().readTree(answer.body());
    assertThat(error.path("type").asText()).isEqualTo("InvalidRequestException");
    assertThat(error.path("message").asText())
        .contains("DASK_INVALID_REQUEST", "workers = -1", "a whole number from 0");
    assertThat(log.getAll().lines().filter(line -> line.contains("workers = -1"))).hasSize(1);
    assertThat(log).doesNotContain("\tat org.camunda");
  }

  private HttpResponse<String> start(String variables) throws Exception {
    String login = "admin:" + AdminPassword.in(application.adminPasswordFile());
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://localhost:%d/engine-rest/process-definition/key/dask-cluster/start"
                        .formatted(port)))
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"variables\": %s}".formatted(variables)))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }
}
