package io.unicoredask.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.ApplicationTest;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
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
        RestUser.of(port, "admin", AdminPassword.in(application.adminPasswordFile()))
            .start("site", "local", "workers", -1);

    assertThat(answer.statusCode()).isEqualTo(400);
    JsonNode error = new ObjectMapper().readTree(answer.body());
    assertThat(error.path("type").asText()).isEqualTo("InvalidRequestException");
    assertThat(error.path("message").asText())
        .contains("DASK_INVALID_REQUEST", "workers = -1", "a whole number from 0");
    assertThat(log.getAll().lines().filter(line -> line.contains("workers = -1"))).hasSize(1);
    assertThat(log).doesNotContain("\tat org.camunda");
  }

  @Test
  void aStartInTasklistThatIsRefusedIsABadRequestToo() throws Exception {
    CookieManager cookies = new CookieManager();
    HttpClient browser = HttpClient.newBuilder().cookieHandler(cookies).build();
    String camunda = "http://localhost:%d/camunda/".formatted(port);
    HttpRequest page =
        HttpRequest.newBuilder(URI.create(camunda + "app/tasklist/default/")).build();
    browser.send(page, HttpResponse.BodyHandlers.discarding());
    String password = AdminPassword.in(application.adminPasswordFile());
    HttpResponse<String> login =
        browser.send(
            browsed(cookies, camunda + "api/admin/auth/user/default/login/tasklist")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "username=admin&password="
                            + URLEncoder.encode(password, StandardCharsets.UTF_8)))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(login.statusCode()).as(login.body()).isEqualTo(200);
    browser.send(page, HttpResponse.BodyHandlers.discarding());

    HttpResponse<String> answer =
        browser.send(
            browsed(
                    cookies,
                    camunda
                        + "api/engine/engine/default/process-definition/key/dask-cluster/submit-form")
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"variables\": {\"queu\": {\"value\": \"x\"}}}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("queu is no variable of a cluster; use queue");
  }

  private static HttpRequest.Builder browsed(CookieManager cookies, String url) {
    String token =
        cookies.getCookieStore().getCookies().stream()
            .filter(cookie -> cookie.getName().equals("XSRF-TOKEN"))
            .map(HttpCookie::getValue)
            .reduce((earlier, later) -> later)
            .orElseThrow();
    return HttpRequest.newBuilder(URI.create(url)).header("X-XSRF-TOKEN", token);
  }

  @Test
  void whatGoesWrongOtherwiseIsAnsweredAsEver() throws Exception {
    HttpResponse<String> answer =
        RestUser.of(port, "admin", AdminPassword.in(application.adminPasswordFile()))
            .post("/process-definition/key/no-such-process/start", Map.of());

    assertThat(answer.statusCode()).isEqualTo(404);
  }
}
