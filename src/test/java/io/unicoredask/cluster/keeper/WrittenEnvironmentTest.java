package io.unicoredask.cluster.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a variable has in a job whose script has its value between double quotes. */
class WrittenEnvironmentTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "plain                  | plain",
        "it's \"two\" words     | it's \"two\" words",
        "\"\"                   | \"\"",
        "\\\"already\\\"        | \"already\"",
        "$OTHER and \\$OTHER    | value and $OTHER",
        "C:\\\\dir\\\\          | C:\\dir\\",
        "one backslash at the end \\ | one backslash at the end \\",
        "{\"a\": [\"b\"]}       | {\"a\": [\"b\"]}",
        "wörds ✓                | wörds ✓",
      })
  void aValueArrives(String written, String value) throws Exception {
    ObjectNode object = new ObjectMapper().createObjectNode();
    object.putObject("Environment").put("NAME", written.strip()).put("NUMBER", 4);
    ObjectNode list = new ObjectMapper().createObjectNode();
    list.putArray("Environment").add("NAME=" + written.strip());
    ObjectNode parameters = new ObjectMapper().createObjectNode();
    parameters.putObject("Parameters").put("NAME", written.strip());

    WrittenEnvironment.closeQuotes(object);
    WrittenEnvironment.closeQuotes(list);
    WrittenEnvironment.closeQuotes(parameters);

    assertThat(inScript(object.at("/Environment/NAME").asText())).isEqualTo(value.strip());
    assertThat(object.at("/Environment/NUMBER").asInt()).isEqualTo(4);
    assertThat(inScript(list.at("/Environment/0").asText().substring("NAME=".length())))
        .isEqualTo(value.strip());
    assertThat(inScript(parameters.at("/Parameters/NAME").asText())).isEqualTo(value.strip());
  }

  /** As UNICORE's script has it. */
  private static String inScript(String value) throws Exception {
    String script = "OTHER=value\nNAME=\"%s\"; export NAME\nprintenv NAME\n".formatted(value);
    Process shell = new ProcessBuilder("bash", "-c", script).redirectErrorStream(true).start();
    return new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }
}
