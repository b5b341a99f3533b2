package io.unicoredask.application;

import static io.unicoredask.application.RestUser.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.unicoredask.ApplicationTest;
import io.unicoredask.TestSite;
import io.unicoredask.cluster.request.ClusterVariable;
import io.unicoredask.cluster.site.Sites;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.camunda.bpm.engine.IdentityService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What a form is told that asks somebody for a cluster. */
@ApplicationTest
class StartFormTest {

  private static final String FORM = "/unicore-dask/start-form";

  @Autowired private IdentityService identityService;
  @Autowired private Sites sites;
  @LocalServerPort private int port;

  private People people;

  @BeforeEach
  void addUsers() {
    people = new People(identityService);
    people.addTo(DaskGroups.USERS, "alice");
    people.add("eve");
  }

  @AfterEach
  void removeThem() {
    people.remove();
  }

  @Test
  void whoMayStartAClusterIsToldWhatIsKnownOfTheSites() throws Exception {
    await().until(() -> sites.get("modules").catalogue().known().isPresent());

    JsonNode form = ok(user("alice").get(FORM));

    JsonNode site = at(form.path("sites"), "modules");
    assertThat(site.path("queues")).extracting(JsonNode::asText).contains("batch", "full", "small");
    assertThat(site.path("projects")).isEmpty();
    assertThat(site.path("templates")).extracting(JsonNode::asText).containsExactly("tagged");
    assertThat(site.path("defaults").path("workerJob").asText()).isEqualTo("tagged");
    assertThat(site.path("limits").path("workers").asInt()).isEqualTo(20);
    assertThat(site.path("limits").path("lifetime").asText()).isEqualTo("PT12H");
    assertThat(site.path("limits").has("queues")).isFalse();
    assertThat(form.toString()).doesNotContain("password", TestSite.site().baseUrl().toString());
    assertThat(at(form.path("sites"), "personal").path("problem").asText())
        .contains("'alice' has no credential");
    assertThat(at(form.path("sites"), "rationed").at("/limits/perUser").path("clusters").asInt())
        .isEqualTo(2);
    assertThat(ok(user("alice").get("/engine/default" + FORM))).isEqualTo(form);
  }

  @Test
  void itHasEachVariableWithWhatIsAllowed() throws Exception {
    JsonNode variables = ok(user("alice").get(FORM)).path("variables");

    assertThat(variables)
        .extracting(one -> one.path("name").asText())
        .containsExactlyElementsOf(ClusterVariable.names());
    JsonNode workers = at(variables, "workers");
    assertThat(workers.path("type").asText()).isEqualTo("Integer");
    assertThat(workers.path("input").asText()).isEqualTo("number");
    assertThat(workers.path("min").asInt(-1)).isZero();
    assertThat(workers.path("group").asText()).isEqualTo("Size");
    assertThat(at(variables, "lifetime").path("input").asText()).isEqualTo("duration");
    assertThat(at(variables, "lifetime").path("default").asText()).isEqualTo("P1D");
    assertThat(at(variables, "tunnel").path("choices")).isNotEmpty();
    assertThat(at(variables, "workerJob").path("input").asText()).isEqualTo("json");
    assertThat(variables.toString()).doesNotContain("`", "](");
  }

  @Test
  void nobodyElseIsToldOfThem() throws Exception {
    assertThat(new RestUser(port, null).get(FORM).statusCode()).isEqualTo(401);
    HttpResponse<String> refused = user("eve").get(FORM);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("CREATE_INSTANCE").doesNotContain("batch");
    String web = "http://localhost:%d/camunda/api/engine".formatted(port);
    assertThat(status(web + "/engine/default" + FORM)).isEqualTo(401);
    assertThat(status(web + FORM)).isEqualTo(404);
  }

  private static int status(String url) throws Exception {
    return RestUser.send(HttpRequest.newBuilder(URI.create(url))).statusCode();
  }

  private static JsonNode at(JsonNode all, String name) {
    for (JsonNode one : all) {
      if (one.path("name").asText().equals(name)) {
        return one;
      }
    }
    throw new AssertionError("no %s in %s".formatted(name, all));
  }

  private RestUser user(String name) {
    return RestUser.of(port, name);
  }
}
