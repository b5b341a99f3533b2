package io.unicoredask.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.ApplicationTest;
import io.unicoredask.TestSite;
import io.unicoredask.autoconfigure.UnicoreDaskProperties;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.camunda.bpm.engine.AuthorizationService;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.authorization.Authorization;
import org.camunda.bpm.engine.authorization.Permissions;
import org.camunda.bpm.engine.authorization.Resources;
import org.camunda.bpm.engine.history.HistoricVariableUpdate;
import org.camunda.bpm.engine.identity.User;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

/** The application is closed to strangers, and keeps its secrets from those it knows. */
@ApplicationTest
class ClosednessTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final String STRANGER = "stranger";

  @Autowired private ApplicationProperties application;
  @Autowired private UnicoreDaskProperties plugin;
  @Autowired private ConfigurableEnvironment environment;
  @Autowired private IdentityService identityService;
  @Autowired private AuthorizationService authorizationService;
  @Autowired private RepositoryService repositoryService;
  @Autowired private RuntimeService runtimeService;
  @Autowired private HistoryService historyService;
  @LocalServerPort private int port;

  @BeforeEach
  void addAUserWithoutAuthorisations() {
    add(STRANGER, "stranger's own");
  }

  private void add(String name, String password) {
    User user = identityService.newUser(name);
    user.setPassword(password);
    identityService.saveUser(user);
  }

  @AfterEach
  void removeTheUser() {
    identityService.deleteUser(STRANGER);
  }

  @Test
  void restAsksForALogin() throws Exception {
    for (String path :
        List.of("/process-definition", "/history/variable-instance", "/user", "/version")) {
      HttpResponse<String> answer = new RestUser(port, null).get(path);
      assertThat(answer.statusCode()).as(path).isEqualTo(401);
      assertThat(answer.headers().firstValue("WWW-Authenticate"))
          .hasValueSatisfying(value -> assertThat(value).startsWith("Basic"));
    }
  }

  @Test
  void strangersGetThePythonPackageAndNothingBesideIt() throws Exception {
    String url = "http://localhost:" + port + "/dask";
    HttpResponse<String> page = RestUser.send(HttpRequest.newBuilder(URI.create(url + "/")));
    assertThat(page.statusCode()).isEqualTo(200);
    Matcher wheel = Pattern.compile("href=\"(camunda_dask-[^\"/]*\\.whl)\"").matcher(page.body());
    assertThat(wheel.find()).as(page.body()).isTrue();

    for (Map.Entry<String, Integer> path :
        Map.of(
                "/" + wheel.group(1),
                200,
                "/camunda_dask/cluster.py",
                404,
                "/..%2fapplication.yaml",
                400,
                "/x",
                404)
            .entrySet()) {
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path.getKey()));
      assertThat(RestUser.send(request).statusCode()).as(path.getKey()).isEqualTo(path.getValue());
    }
  }

  /** Not tried on the admin, whom Camunda then lets wait for some seconds. */
  @Test
  void restRefusesAWrongPassword() throws Exception {
    assertThat(RestUser.of(port, STRANGER, "admin").get("/process-definition").statusCode())
        .isEqualTo(401);
    assertThat(RestUser.of(port, STRANGER, "").get("/process-definition").statusCode())
        .isEqualTo(401);
  }

  @Test
  void whoGuessesAPasswordLocksNobodyOut() throws Exception {
    add("guessed", "their own");
    for (int i = 0; i < LoginThrottle.WRONG_FOR_ONE_USER; i++) {
      assertThat(RestUser.of(port, "guessed", "no" + i).get("/process-definition").statusCode())
          .isEqualTo(401);
    }

    assertThat(RestUser.of(port, "guessed", "their own").get("/process-definition").statusCode())
        .isEqualTo(429);
    assertThat(identityService.checkPassword("guessed", "their own"))
        .as("at the engine, as from another address")
        .isTrue();
    assertThat(RestUser.of(port, "admin", adminPassword()).get("/process-definition").statusCode())
        .isEqualTo(200);
    identityService.deleteUser("guessed");
  }

  @Test
  void whoMayReadAUserGuessesNoPasswordEither() throws Exception {
    add("asked", "their own");
    assertThat(verify("their own").statusCode()).isEqualTo(403);
    mayRead("asked");
    assertThat(verify("their own").body()).contains("\"authenticated\":true");
    for (int i = 2; i < LoginThrottle.WRONG_FOR_ONE_USER; i++) {
      assertThat(verify("no" + i).statusCode()).isNotEqualTo(429);
    }

    assertThat(verify("their own").statusCode()).isEqualTo(429);
    identityService.deleteUser("asked");
  }

  private void mayRead(String user) {
    Authorization grant =
        authorizationService.createNewAuthorization(Authorization.AUTH_TYPE_GRANT);
    grant.setUserId(STRANGER);
    grant.setResource(Resources.USER);
    grant.setResourceId(user);
    grant.addPermission(Permissions.READ);
    authorizationService.saveAuthorization(grant);
  }

  private HttpResponse<String> verify(String password) throws Exception {
    return RestUser.of(port, STRANGER, "stranger's own")
        .post("/identity/verify", Map.of("username", "asked", "password", password));
  }

  @Test
  void aPageOfOthersDeploysNothing() throws Exception {
    long before = repositoryService.createDeploymentQuery().count();

    assertThat(deploy("https://evil.example.org").statusCode()).isEqualTo(403);
    assertThat(deploy("null").statusCode()).isEqualTo(403);
    assertThat(repositoryService.createDeploymentQuery().count()).isEqualTo(before);

    HttpResponse<String> own = deploy("http://localhost:" + port);
    assertThat(own.statusCode()).as(own.body()).isEqualTo(200);
    repositoryService.deleteDeployment(JSON.readTree(own.body()).path("id").asText(), true);
  }

  /** As a form of a page does it, whose browser knows the login. */
  private HttpResponse<String> deploy(String origin) throws Exception {
    String part = "--x\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n%s\r\n";
    String model =
        "<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL' targetNamespace='x'>"
            + "<process id='foreign' isExecutable='true' camunda:historyTimeToLive='1'"
            + " xmlns:camunda='http://camunda.org/schema/1.0/bpmn'>"
            + "<startEvent id='start'/></process></definitions>";
    String body =
        part.formatted("deployment-name", "", "foreign")
            + part.formatted("data", "; filename=\"foreign.bpmn\"", model)
            + "--x--\r\n";
    return RestUser.send(
        RestUser.of(port, "admin", adminPassword())
            .request("/deployment/create")
            .header("Origin", origin)
            .header("Content-Type", "multipart/form-data; boundary=x")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  @Test
  void answersOfRestAreNothingElseForABrowser() throws Exception {
    HttpResponse<String> answer =
        RestUser.of(port, "admin", adminPassword()).get("/process-definition");

    assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(answer.headers().firstValue("Content-Security-Policy")).isPresent();
    assertThat(answer.headers().firstValue("Strict-Transport-Security")).isEmpty();
  }

  @Test
  void anAdministratorMakesAnother() throws Exception {
    assertThat(visible(RestUser.of(port, STRANGER, "stranger's own").get("/user"))).hasSize(1);

    HttpRequest.Builder join =
        RestUser.of(port, "admin", adminPassword())
            .request("/group/camunda-admin/members/" + STRANGER)
            .PUT(HttpRequest.BodyPublishers.noBody());
    assertThat(RestUser.send(join).statusCode()).isEqualTo(204);

    assertThat(visible(RestUser.of(port, STRANGER, "stranger's own").get("/user")))
        .hasSizeGreaterThan(1);
  }

  @Test
  void allThatTheHomeHoldsIsForItsOwnerOnly() throws IOException {
    assertThat(application.home().resolve("tomcat")).isNotEmptyDirectory();
    try (Stream<Path> kept = Files.list(application.home())) {
      assertThat(kept)
          .isNotEmpty()
          .allSatisfy(
              one ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(one)))
                      .as(one.toString())
                      .endsWith("------"));
    }
  }

  @Test
  void theAdminMayComeIn() throws Exception {
    HttpResponse<String> answer =
        RestUser.of(port, "admin", adminPassword()).get("/process-definition");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(JSON.readTree(answer.body()).findValuesAsText("key")).contains("dask-cluster");
  }

  @Test
  void theWebApplicationsAskForALogin() throws Exception {
    for (String path :
        List.of(
            "/camunda/api/engine/engine/default/process-definition",
            "/camunda/api/cockpit/plugin/base/default/process-definition/statistics",
            "/camunda/api/admin/auth/user/default")) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
      assertThat(RestUser.send(request).statusCode()).as(path).isIn(401, 404);
      assertThat(RestUser.send(request).body()).as(path).doesNotContain("dask-cluster");
    }
  }

  @Test
  void aUserWithoutAuthorisationsSeesNothing() throws Exception {
    for (String path :
        List.of(
            "/process-definition",
            "/process-instance",
            "/deployment",
            "/history/process-instance",
            "/history/variable-instance",
            "/job",
            "/incident")) {
      HttpResponse<String> answer = RestUser.of(port, STRANGER, "stranger's own").get(path);
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      assertThat(visible(answer)).as(path).isEmpty();
    }
  }

  @Test
  void aUserWithoutAuthorisationsStartsNothing() throws Exception {
    String id =
        repositoryService
            .createProcessDefinitionQuery()
            .processDefinitionKey("dask-cluster")
            .singleResult()
            .getId();
    Map<String, ?> variables = Map.of("workers", Map.of("value", 1));

    HttpResponse<String> byId =
        RestUser.of(port, STRANGER, "stranger's own")
            .post("/process-definition/" + id + "/start", Map.of("variables", variables));
    HttpResponse<String> byKey = RestUser.of(port, STRANGER, "stranger's own").start("workers", 1);

    assertThat(byId.statusCode()).as(byId.body()).isEqualTo(403);
    assertThat(byKey.statusCode()).as(byKey.body()).isEqualTo(404);
    assertThat(runtimeService.createProcessInstanceQuery().count()).isZero();
  }

  @Test
  void onlyTheOwnerReadsTheAdminPassword() throws IOException {
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(application.adminPasswordFile())))
        .isEqualTo("rw-------");
  }

  @Test
  void noPropertyThatAnExpressionCanReadHoldsAPassword() {
    List<String> holders = new ArrayList<>();
    for (PropertySource<?> source : environment.getPropertySources()) {
      if (source instanceof EnumerablePropertySource<?> enumerable) {
        Stream.of(enumerable.getPropertyNames())
            .filter(name -> holdsASecret(String.valueOf(enumerable.getProperty(name))))
            .forEach(name -> holders.add(source.getName() + ": " + name));
      }
    }

    assertThat(environment.getProperty("unicore-dask.sites.local.username")).isNotNull();
    assertThat(holders).isEmpty();
  }

  @Test
  void theConfigurationPrintsNoPassword() {
    assertThat(plugin.toString()).contains(TestSite.site().user());
    assertThat(plugin.toString()).satisfies(this::holdsNoSecret);
    assertThat(application.toString()).satisfies(this::holdsNoSecret);
  }

  @Test
  void noVariableOfAClustersWholeLifeHoldsAPassword() throws Exception {
    HttpResponse<String> started =
        RestUser.of(port, "admin", adminPassword())
            .start("site", "local", "workers", 1, "localPort", 0);
    assertThat(started.statusCode()).as(started.body()).isEqualTo(200);
    String instance = JSON.readTree(started.body()).path("id").asText();
    awaitStatus(instance, "RUNNING");
    runtimeService
        .createMessageCorrelation("dask-cluster-teardown")
        .processInstanceId(instance)
        .correlate();
    awaitStatus(instance, "STOPPED");
    await().atMost(LIMIT).until(() -> runtimeService.createProcessInstanceQuery().count() == 0);

    List<String> values =
        historyService
            .createHistoricDetailQuery()
            .processInstanceId(instance)
            .variableUpdates()
            .list()
            .stream()
            .map(HistoricVariableUpdate.class::cast)
            .map(update -> update.getVariableName() + "=" + update.getValue())
            .toList();
    assertThat(values).anyMatch(value -> value.startsWith("schedulerAddress=tcp://"));
    assertThat(values).noneMatch(this::holdsASecret);
  }

  private void awaitStatus(String instance, String status) {
    await()
        .atMost(LIMIT)
        .until(
            () ->
                historyService
                        .createHistoricVariableInstanceQuery()
                        .processInstanceId(instance)
                        .variableName("clusterStatus")
                        .variableValueEquals("clusterStatus", status)
                        .count()
                    == 1);
  }

  private JsonNode visible(HttpResponse<String> answer) throws IOException {
    JsonNode list = JSON.readTree(answer.body());
    assertThat(list.isArray()).isTrue();
    return list;
  }

  private void holdsNoSecret(String text) {
    assertThat(holdsASecret(text)).as(text.replaceAll(".", "*")).isFalse();
  }

  private boolean holdsASecret(String text) {
    return Stream.of(adminPassword(), sitePassword()).anyMatch(text::contains);
  }

  private String adminPassword() {
    return AdminPassword.in(application.adminPasswordFile());
  }

  private static String sitePassword() {
    try {
      return Files.readString(TestSite.site().passwordFile()).strip();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
