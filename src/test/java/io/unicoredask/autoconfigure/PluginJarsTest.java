package io.unicoredask.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PluginJarsTest {

  private static final List<String> ONE = List.of("camunda-unicore-dask-1.0.jar");

  @Test
  void oneJarBesideItsEngineIsFine() {
    assertThat(PluginJars.problem(ONE, List.of("camunda"))).isEmpty();
    assertThat(PluginJars.problem(ONE, List.of("camunda", "operaton"))).isEmpty();
  }

  @Test
  void whereThereIsNoEngineThereIsNothingToSay() {
    assertThat(PluginJars.problem(ONE, List.of())).isEmpty();
  }

  @Test
  void oneForAnotherEngineIsNamedAndTheRightOneToo() {
    assertThat(PluginJars.problem(ONE, List.of("operaton")))
        .hasValue(
            "This jar of camunda-unicore-dask (camunda-unicore-dask-1.0.jar) is for Camunda 7, and"
                + " this application has Operaton: take the jar with the classifier operaton in"
                + " its place");
  }

  @Test
  void twoAreNamedWhateverEngineThereIs() {
    assertThat(PluginJars.problem(List.of("a.jar", "b.jar"), List.of("camunda")))
        .hasValueSatisfying(
            problem -> assertThat(problem).contains("more than one jar").contains("a.jar, b.jar"));
  }

  @Test
  void thoseOfTheClassPathAreFound() {
    PluginJars.check(getClass().getClassLoader());
  }
}
