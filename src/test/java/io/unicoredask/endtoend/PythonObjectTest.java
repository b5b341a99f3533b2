package io.unicoredask.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.unicoredask.DaskClient;
import io.unicoredask.DaskEnvironment;
import io.unicoredask.HistoricVariables;
import io.unicoredask.TestSite;
import io.unicoredask.application.UnicoreDaskApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.identity.User;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;

/** The Python package {@code camunda_dask}, by its own tests, with an engine of their own. */
@Tag(DaskEnvironment.TAG)
class PythonObjectTest {

  private static final Path TESTS = Path.of("src/test/python");
  private static final String ENGINE = "pythonObject";

  /** Has no authorisation. */
  private static final String STRANGER = "stranger";

  /** May do everything, as the one may whom the tests log in as. */
  private static final String COLLEAGUE = "colleague";

  /** May do what members of dask-users may, and no more. */
  private static final String SCIENTIST = "scientist";

  private static final Map<String, String> AS_SCIENTIST =
      Map.of("CAMUNDA_DASK_USERNAME", SCIENTIST, "CAMUNDA_DASK_PASSWORD", SCIENTIST);

  private static final String ADMINS = "camunda-admin";

  @TempDir private static Path home;
  private static ServletWebServerApplicationContext engine;
  private static int port;

  @BeforeAll
  static void startAnEngine() {
    start(0);
    port = engine.getWebServer().getPort();
    addUser(STRANGER);
    addUser(COLLEAGUE);
    bean(IdentityService.class).createMembership(COLLEAGUE, ADMINS);
    addUser(SCIENTIST);
    bean(IdentityService.class).createMembership(SCIENTIST, "dask-users");
    bean(RepositoryService.class)
        .createDeployment()
        .addModelInstance(
            "invoice.bpmn",
            Bpmn.createExecutableProcess("invoice").startEvent().userTask().endEvent().done())
        .deploy();
    bean(RuntimeService.class).startProcessInstanceByKey("invoice", "python-invoice");
    bean(IdentityService.class).setAuthentication(COLLEAGUE, List.of(ADMINS));
    bean(RuntimeService.class)
        .startProcessInstanceByKey(
            "dask-cluster",
            "python-colleagues",
            Map.of("site", "local", "queue", "full", "localPort", 0));
    bean(IdentityService.class).clearAuthentication();
  }

  private static void addUser(String name) {
    User user = bean(IdentityService.class).newUser(name);
    user.setPassword(name);
    bean(IdentityService.class).saveUser(user);
  }

  private static void start(int port) {
    engine =
        (ServletWebServerApplicationContext)
            new SpringApplicationBuilder(UnicoreDaskApplication.class)
                .registerShutdownHook(false)
                .initializers(new TestSite.Configuration())
                .run(
                    // They are one a JVM, and would be gone for the application of all tests.
                    "--camunda.bpm.webapp.enabled=false",
                    "--server.port=" + port,
                    "--application.home=" + home,
                    "--spring.datasource.url=jdbc:h2:mem:" + ENGINE + ";DB_CLOSE_DELAY=-1",
                    "--camunda.bpm.process-engine-name=" + ENGINE,
                    "--camunda.bpm.generate-unique-process-application-name=true",
                    "--unicore-dask.watch.shortest=100ms",
                    "--unicore-dask.watch.longest=500ms");
  }

  @AfterAll
  static void stopTheEngine() {
    bean(RuntimeService.class)
        .createMessageCorrelation("dask-cluster-teardown")
        .processInstanceBusinessKey("python-colleagues")
        .correlate();
    await().until(() -> clusters() == 0);
    engine.close();
  }

  @ParameterizedTest
  @EnumSource
  void itsPartsWorkWithTheOldestAndTheNewestDask(DaskEnvironment dask) throws Exception {
    dask.require();
    run(dask.python(), "test_parts.py", Map.of());
  }

  @Test
  void aClusterLivesAsAnObjectOfTheOldestDask() throws Exception {
    DaskEnvironment dask = DaskEnvironment.OLDEST;
    dask.require();
    run(
        dask.python(),
        "end_to_end.py",
        Map.of("SITE", dask.toString(), "SECURITY", "tls"),
        "TestLife");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TestLife", "TestAsynchronous", "TestUnicoreCluster"})
  void itDoesWhatItsTestsSayWithTheNewestDask(String tests) throws Exception {
    run(TestSite.python(), "end_to_end.py", AS_SCIENTIST, tests);
  }

  @Test
  void whatGoesWrongIsAnException() throws Exception {
    run(TestSite.python(), "end_to_end.py", Map.of(), "TestErrors");
  }

  @Test
  void aClusterGoesOnWhenTheEngineIsStartedAgainAndEndsWithItsProgram() throws Exception {
    // One that is forked has no end as Python has it.
    Map<String, String> notForked = environment(Map.of("PYTHONPATH", ""));
    try (DaskClient program =
        new DaskClient(TestSite.python(), TESTS.resolve("restart.py"), notForked, "local")) {
      String name = program.answer().path("name").asText();
      engine.close();
      start(port);

      JsonNode computed = program.next();
      assertThat(computed.path("result").asInt()).isEqualTo(45);
      assertThat(computed.path("workers").asInt()).isEqualTo(2);

      program.awaitEnd();
      await()
          .until(
              () ->
                  bean(RuntimeService.class)
                          .createProcessInstanceQuery()
                          .processInstanceBusinessKey(name)
                          .count()
                      == 0);
      assertThat(endedBy(name)).isEqualTo("teardown");
    }
  }

  @Test
  void pipInstallsItFromTheEngine() throws Exception {
    Path target = home.resolve("site-packages");
    run(
        TestSite.python(),
        "install.py",
        Map.of(),
        "http://127.0.0.1:%d/dask/".formatted(port),
        target);
    assertThat(target.resolve("camunda_dask/py.typed")).exists();
    assertThat(Files.readString(target.resolve("camunda_dask/camunda-dask.yaml")))
        .isEqualTo(Files.readString(Path.of("src/main/python/camunda_dask/camunda-dask.yaml")));
  }

  private static void run(
      Path python, String program, Map<String, String> environment, Object... arguments)
      throws IOException, InterruptedException {
    try (DaskClient client =
        new DaskClient(python, TESTS.resolve(program), environment(environment), arguments)) {
      client.awaitEnd();
    }
  }

  private static Map<String, String> environment(Map<String, String> more) {
    Map<String, String> environment = new HashMap<>();
    environment.put(
        "CAMUNDA_DASK_ADDRESS",
        "http://127.0.0.1:%d/engine-rest/engine/%s".formatted(port, ENGINE));
    environment.put("CAMUNDA_DASK_USERNAME", "admin");
    if (!more.containsKey("CAMUNDA_DASK_PASSWORD")) {
      environment.put("CAMUNDA_DASK_PASSWORD_FILE", home.resolve("admin-password").toString());
    }
    environment.put("SITE", "local");
    environment.put("STRANGER", STRANGER);
    environment.put("COLLEAGUE", COLLEAGUE);
    environment.put("COLLEAGUES_CLUSTER", "python-colleagues");
    environment.put("NO_CLUSTER", "python-invoice");
    environment.putAll(more);
    return environment;
  }

  private static String endedBy(String name) {
    String instance =
        bean(HistoryService.class)
            .createHistoricProcessInstanceQuery()
            .processInstanceBusinessKey(name)
            .singleResult()
            .getId();
    return (String) HistoricVariables.last(bean(HistoryService.class), instance, "endedBy");
  }

  private static long clusters() {
    return bean(RuntimeService.class)
        .createProcessInstanceQuery()
        .processDefinitionKey("dask-cluster")
        .count();
  }

  private static <T> T bean(Class<T> type) {
    return engine.getBean(type);
  }
}
