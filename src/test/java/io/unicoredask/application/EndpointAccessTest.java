package io.unicoredask.application;

import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.ApplicationTest;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.identity.User;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Metrics are for who looks after the application. */
@ApplicationTest
class EndpointAccessTest {

  private static final String USER = "prometheus";
  private static final String PASSWORD = "Prometheus's own";

  @Autowired private IdentityService identities;
  @LocalServerPort private int port;

  @BeforeEach
  void addAUser() {
    User user = identities.newUser(USER);
    user.setPassword(PASSWORD);
    identities.saveUser(user);
  }

  @AfterEach
  void removeTheUser() {
    identities.deleteUser(USER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/actuator/prometheus",
        "/actuator/%70rometheus",
        "/actuator/prometheus/",
        "/actuator/prometheus;a=b",
        "/actuator;a=b/prometheus",
        "/actuator/./prometheus",
        "/actuator/prometheus/engine/..",
        "/actuator/health/../prometheus",
        "//actuator//prometheus"
      })
  void aStrangerIsAskedForALoginHoweverThePathIsWritten(String path) throws Exception {
    HttpResponse<String> answer = get(path, null);

    assertThat(answer.statusCode()).isIn(400, 401, 404);
    assertThat(answer.body()).doesNotContain("unicore_dask", "jvm_");
  }

  @Test
  void theChallengeIsThatOfTheRestApi() throws Exception {
    HttpResponse<String> answer = get("/actuator/prometheus", null);

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate"))
        .hasValueSatisfying(challenge -> assertThat(challenge).startsWith("Basic"));
  }

  @Test
  void aWrongPasswordIsNoLogin() throws Exception {
    assertThat(get("/actuator/prometheus", USER + ":wrong").statusCode()).isEqualTo(401);
  }

  @Test
  void whoGuessesPasswordsHereHasToWait() throws Exception {
    for (int i = 0; i < LoginThrottle.WRONG_FOR_ONE_USER; i++) {
      assertThat(get("/actuator/prometheus", "guessedHere:" + i).statusCode()).isEqualTo(401);
    }

    assertThat(get("/actuator/prometheus", "guessedHere:x").statusCode()).isEqualTo(429);
  }

  @Test
  void whoIsNoOperatorSeesNone() throws Exception {
    HttpResponse<String> answer = get("/actuator/prometheus", USER + ":" + PASSWORD);

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).doesNotContain("unicore_dask");
  }

  @ParameterizedTest
  @ValueSource(strings = {DaskGroups.OPERATORS, "camunda-admin"})
  void operatorsAndAdministratorsSeeThem(String group) throws Exception {
    identities.createMembership(USER, group);

    HttpResponse<String> answer = get("/actuator/prometheus", USER + ":" + PASSWORD);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("unicore_dask_leader 1.0", "jvm_memory_used_bytes");
  }

  private HttpResponse<String> get(String path, String login) throws Exception {
    HttpRequest.Builder request =
        new RestUser(port, login).request("").uri(URI.create("http://localhost:" + port + path));
    return RestUser.send(request);
  }
}
