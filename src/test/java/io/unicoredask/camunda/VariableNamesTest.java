package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.request.ClusterVariable;
import io.unicoredask.cluster.request.Outputs;
import io.unicoredask.cluster.request.ReservedNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The constants for users and the table that the documentation is made from name the same
 * variables.
 */
class VariableNamesTest {

  private static final Set<String> SCRIPT =
      Set.of(ScriptVariables.EXIT_CODE, ScriptVariables.OUTPUT, ScriptVariables.JOB_URL);

  @Test
  void eachOutputHasAConstant() {
    assertThat(Stream.concat(DaskVariables.NAMES.stream(), SCRIPT.stream()))
        .containsAll(Outputs.names());
  }

  @Test
  void eachBeanThatAModelCallsIsReserved() throws IOException {
    Pattern bean = Pattern.compile("\\$\\{(dask\\w+)}");
    for (String model : List.of("dask-cluster", "dask-script", "dask-teardown")) {
      String text = Files.readString(Path.of("processes", model + ".bpmn"));

      assertThat(bean.matcher(text).results())
          .isNotEmpty()
          .allMatch(call -> ReservedNames.contains(call.group(1)));
    }
  }

  @Test
  void eachConstantIsAnInputOrReserved() {
    assertThat(DaskVariables.NAMES)
        .allMatch(name -> ReservedNames.contains(name) || ClusterVariable.names().contains(name));
    assertThat(SCRIPT).allMatch(Outputs.names()::contains);
  }
}
