package io.unicoredask.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unicoredask.FreePort;
import io.unicoredask.Patience;
import io.unicoredask.ShortJvm;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar that runs. */
class ExecJarIT {

  private static final Path JAR = Path.of(System.getProperty("exec.jar"));

  @TempDir private Path directory;

  @Test
  void theExecJarHoldsTheApplicationTheModelAndTheLocalSite() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      Set<String> files = jar.stream().map(JarEntry::getName).collect(Collectors.toSet());

      assertThat(files)
          .contains(
              "META-INF/LICENSE",
              "BOOT-INF/classes/META-INF/services/org.glassfish.jersey.internal.spi.AutoDiscoverable",
              "BOOT-INF/classes/processes/dask-cluster.bpmn",
              "BOOT-INF/classes/application.yaml",
              "BOOT-INF/classes/application-local.yaml",
              "BOOT-INF/classes/tour/compute.py",
              "BOOT-INF/classes/python/camunda_dask/cluster.py",
              "BOOT-INF/classes/python/wheel/METADATA",
              "BOOT-INF/classes/localsite/run-job.sh");
      assertThat(files.stream().filter(file -> file.startsWith("BOOT-INF/lib/")))
          .anyMatch(library -> library.contains("/h2-"))
          .anyMatch(library -> library.contains("/postgresql-"))
          .anyMatch(library -> library.contains("/HikariCP-"))
          .anyMatch(library -> library.contains("/bcpkix-"))
          .anyMatch(library -> library.contains("/micrometer-registry-prometheus-"))
          .anyMatch(library -> library.contains("/camunda-bpm-spring-boot-starter-rest-"))
          .anyMatch(library -> library.contains("/camunda-bpm-spring-boot-starter-webapp-"))
          .noneMatch(library -> library.matches(".*(junit|wiremock|archunit|camunda-bpm-assert).*"))
          .noneMatch(library -> library.contains("/record-builder-"));
    }
  }

  /** Those before 3.18 can be made to overflow the stack (CVE-2025-48924). */
  @Test
  void theExecJarHoldsNoOldCommonsLang() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      assertThat(jar.stream().map(JarEntry::getName))
          .noneMatch(
              library -> library.matches(".*/commons-lang3-3\\.(\\d|1[0-7])(\\.\\d+)?\\.jar"));
    }
  }

  /** A port for metrics has filters of its own. */
  @Test
  void javaMinusJarStartsTheApplicationWhichShowsStrangersNoMetrics() throws Exception {
    int port = FreePort.any();
    started(
        List.of("-jar", JAR.toString()),
        List.of(
            "--server.port=0",
            "--management.server.port=" + port,
            "--application.home=" + directory,
            "--spring.datasource.url=jdbc:h2:mem:exec-jar"),
        "Started UnicoreDaskApplication",
        () -> {
          String password = Files.readString(directory.resolve("admin-password")).strip();
          assertThat(status(port, "health", "")).isEqualTo(200);
          assertThat(status(port, "prometheus", "")).isEqualTo(401);
          assertThat(status(port, "prometheus", "admin:" + password)).isEqualTo(200);
        });
  }

  private static int status(int port, String endpoint, String login) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:%d/actuator/%s".formatted(port, endpoint)));
    if (!login.isEmpty()) {
      request.header(
          "Authorization", "Basic " + Base64.getEncoder().encodeToString(login.getBytes()));
    }
    return HttpClient.newHttpClient()
        .send(request.build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void theLocalSiteStartsAlone() throws Exception {
    started(
        List.of(
            "-Dloader.main=io.unicoredask.localsite.LocalSiteMain",
            "-cp",
            JAR.toString(),
            "org.springframework.boot.loader.launch.PropertiesLauncher"),
        List.of("--dir", directory.toString()),
        "certificate " + directory,
        () -> {});
  }

  private interface Callable {
    void call() throws Exception;
  }

  /** Starts java, awaits what it says when it is up, and ends it as Ctrl-C would. */
  private void started(List<String> command, List<String> arguments, String ready, Callable running)
      throws Exception {
    List<String> line = new ArrayList<>(ShortJvm.command(command.toArray(String[]::new)));
    line.addAll(arguments);
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(line)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      await()
          .failFast(() -> assertThat(process.isAlive()).as(Files.readString(output)).isTrue())
          .until(() -> Files.readString(output).contains(ready));
      running.call();
      process.destroy();
      assertThat(Patience.seesTheEndOf(process)).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }
}
