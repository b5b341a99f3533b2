package io.unicoredask.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
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

  @Test
  void javaMinusJarStartsTheApplication() throws Exception {
    started(
        List.of("-jar", JAR.toString()),
        List.of(
            "--server.port=0",
            "--application.home=" + directory,
            "--spring.datasource.url=jdbc:h2:mem:exec-jar"),
        "Started UnicoreDaskApplication");
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
        "certificate " + directory);
  }

  /** Starts java, awaits what it says when it is up, and ends it as Ctrl-C would. */
  private void started(List<String> command, List<String> arguments, String ready)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.add("-XX:TieredStopAtLevel=1");
    line.addAll(command);
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
          .atMost(Duration.ofMinutes(2))
          .failFast(() -> assertThat(process.isAlive()).as(Files.readString(output)).isTrue())
          .until(() -> Files.readString(output).contains(ready));
      process.destroy();
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }
}
