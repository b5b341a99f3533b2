package io.unicoredask.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.ApplicationTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What the application tells strangers of its health, and of nothing else. */
@ApplicationTest
class HealthEndpointTest {

  @LocalServerPort private int port;
  @Autowired private HealthEndpoint endpoint;

  @Test
  void aStrangerLearnsWhetherAllIsWellAndNoMore() throws Exception {
    HttpResponse<String> answer = get("/actuator/health");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"status\":\"UP\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/health/unicoreDaskSites",
        "/health/unicoreDaskSites/local",
        "/env",
        "/beans",
        "/configprops",
        "/loggers",
        "/heapdump",
        "/info"
      })
  void nothingElseIsThere(String path) throws Exception {
    assertThat(get("/actuator" + path).statusCode()).isEqualTo(404);
  }

  @Test
  void theSiteIsPartOfIt() {
    Health site = (Health) endpoint.healthForPath("unicoreDaskSites", "local");

    assertThat(site.getStatus()).isEqualTo(Status.UP);
    assertThat(site.getDetails()).containsEntry("uid", "demouser");
  }

  private HttpResponse<String> get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
