package io.unicoredask.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.Document;
import io.unicoredask.Patience;
import io.unicoredask.ShortJvm;
import io.unicoredask.TestSite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar for engines without Spring: beside what such an engine has, and nothing else. */
class EngineJarIT {

  private static final Path JAR = Path.of(System.getProperty("engine.jar"));
  private static final Path PLUGIN = Path.of(System.getProperty("plugin.jar"));
  private static final Path PAGE = Path.of("src/docs/how-to/plain-engine.md");

  /** Camunda's engine and Spin with what they need, a database, and a log. */
  private static final Predicate<String> ENGINE =
      Libraries.named(
          "camunda-(engine-(7|dmn|feel|plugin-spin)|(bpmn|cmmn|dmn|xml)-model|commons|juel|spin)"
              + "|mybatis|java-uuid-generator|feel-engine|scala|h2-|slf4j-api|logback"
              + "|jackson-|json-path|json-smart|accessors-smart|asm-|freemarker|joda");

  private static final List<String> SHADED =
      List.of(
          "com.fasterxml",
          "com.nimbusds",
          "feign",
          "io.micrometer",
          "io.netty",
          "net.javacrumbs",
          "org.msgpack",
          "org.springframework",
          "org.yaml");

  @TempDir private Path directory;

  @Test
  void itHoldsThePluginAndWhatThatNeedsUnderNamesOfItsOwn() throws IOException {
    ShadedJar jar = new ShadedJar(JAR);

    assertThat(jar.rooms()).isEqualTo(ShadedJar.ROOMS);
    assertThat(jar.foreign()).isEmpty();
    // Of org.apache's it has the logging that Spring takes; MyBatis is the engine's.
    assertThat(jar.libraries())
        .containsAll(SHADED)
        .hasSize(SHADED.size() + 1)
        .contains("org.apache");
    assertThat(jar.needed())
        .contains("org.camunda", "org.slf4j")
        .doesNotContainAnyElementsOf(SHADED);
    assertThat(jar.size()).isLessThan(13_000_000);
  }

  /** Camunda's engine comes with SLF4J 1.7. */
  @Test
  void itGetsByWithSlf4j1() throws IOException {
    assertThat(new ShadedJar(JAR).naming("org/slf4j/spi/LoggingEventBuilder"))
        .containsExactly("io/unicoredask/camunda/AuditLine$WithPairs.class");
  }

  /** Nothing in it is found by Spring Boot, Jersey or Cockpit, whose classes it has not. */
  @Test
  void itHoldsNothingOfWhatIsForApplications() throws IOException {
    ShadedJar jar = new ShadedJar(JAR);

    assertThat(jar.resources())
        .filteredOn(name -> !name.startsWith("META-INF/sbom/"))
        .containsExactlyInAnyOrder(
            "META-INF/FastDoubleParser-LICENSE",
            "META-INF/FastDoubleParser-ThirdParty-LICENSE",
            "META-INF/LICENSE",
            "META-INF/LICENSE.txt",
            "META-INF/MANIFEST.MF",
            "META-INF/NOTICE",
            "META-INF/NOTICE.txt",
            "META-INF/Schubfach-LICENSE",
            "META-INF/THIRD-PARTY.txt",
            "META-INF/license.txt",
            "META-INF/notice.txt",
            "io/unicoredask/relay/relay.py",
            "io/unicoredask/relay/scheduler_agent.py");
    Set<String> leftOut = new ShadedJar(PLUGIN).ownClasses();
    leftOut.removeAll(jar.ownClasses());
    assertThat(leftOut)
        .filteredOn(name -> !name.startsWith("io/unicoredask/autoconfigure/"))
        .containsExactlyInAnyOrder(
            "io/unicoredask/camunda/DaskCockpitPlugin.class",
            "io/unicoredask/camunda/DaskCockpitResource.class",
            "io/unicoredask/cluster/request/VariableGroup.class",
            "io/unicoredask/unicore/RefusedTokenException.class",
            "io/unicoredask/unicore/TokenCheck$Signer.class",
            "io/unicoredask/unicore/TokenCheck.class");
  }

  /** Just what the page has, with another site. */
  @Test
  void theProgramOfThePageRunsAClusterAndEnds() throws Exception {
    assertThat(output(0, JAR))
        .containsPattern("the scheduler is at tcp://127\\.0\\.0\\.1:\\d+")
        .contains("the cluster is over");
  }

  @Test
  void besideAnotherJarOfThePluginTheEngineDoesNotStart() throws Exception {
    assertThat(output(1, JAR, PLUGIN)).contains("more than one jar", "-engine.jar");
  }

  /** What the program has printed when it has ended, with these jars of the plugin. */
  private String output(int exitCode, Path... plugins) throws Exception {
    String program =
        Document.read(PAGE).blocks().stream()
            .filter(block -> block.isRunBy(EngineJarIT.class))
            .filter(block -> block.language().equals("java"))
            .map(block -> block.text())
            .findFirst()
            .orElseThrow();
    Path source = Files.writeString(directory.resolve("Clusters.java"), program);
    Files.createSymbolicLink(directory.resolve("processes"), Path.of("processes").toAbsolutePath());
    Files.writeString(directory.resolve("unicore-dask.yaml"), TestSite.configuration("my-site"));
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(
                ShortJvm.command(
                    "-cp", Libraries.path(List.of(plugins), ENGINE), source.toString()))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(Patience.seesTheEndOf(process)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(output)).isEqualTo(exitCode);
      return Files.readString(output);
    } finally {
      process.destroyForcibly();
    }
  }
}
