package io.unicoredask.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each jar says of itself and of what it is made of. */
class JarContentsIT {

  private static final String BILL = "META-INF/sbom/application.cdx.json";

  @ParameterizedTest
  @ValueSource(strings = {"plugin.jar", "exec.jar", "run.jar", "engine.jar", "operaton.jar"})
  void licencesAreInTheJar(String which) throws IOException {
    try (JarFile jar = new JarFile(System.getProperty(which))) {
      assertThat(text(jar, "META-INF/LICENSE")).contains("Apache License");
      assertThat(text(jar, "META-INF/NOTICE")).contains("META-INF/THIRD-PARTY.txt");
      assertThat(text(jar, "META-INF/THIRD-PARTY.txt"))
          .contains("org.camunda.bpm:camunda-engine:", "io.github.openfeign:feign-core:")
          .doesNotContain("Unknown license", "junit");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"plugin.jar", "exec.jar", "run.jar", "engine.jar"})
  void theBillOfMaterialsIsInTheJar(String which) throws IOException {
    try (JarFile jar = new JarFile(System.getProperty(which))) {
      assumeThat(jar.getEntry(BILL)).as("one that is made offline has none (mvn -o)").isNotNull();
      JsonNode bill = new ObjectMapper().readTree(text(jar, BILL));
      assertThat(bill.path("bomFormat").asText()).isEqualTo("CycloneDX");
      List<String> names = bill.path("components").findValuesAsText("name");
      assertThat(names).contains("camunda-engine", "feign-core", "netty-handler");
      assertThat(names).doesNotContain("junit-jupiter");
    }
  }

  private static String text(JarFile jar, String name) throws IOException {
    ZipEntry entry = jar.getEntry(name);
    assertThat(entry).as(name).isNotNull();
    return new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
  }
}
