package io.unicoredask.cluster.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a job's script does that has the Executable between double quotes, too. */
class WrittenExecutableTest {

  @ParameterizedTest
  @MethodSource
  void eachCommandRunsOnceAndAsItIsWritten(String executable, String output) throws Exception {
    assertThat(run(job(executable, "three"))).isEqualTo(output);
  }

  static Stream<Arguments> eachCommandRunsOnceAndAsItIsWritten() {
    String counting = "echo x >> \"$COUNT\"; wc -l < \"$COUNT\"";
    return Stream.of(
        arguments("bash -c \"echo one && echo two \\$0\"", "one\ntwo three"),
        arguments("\"/bin/echo\" one", "one three"),
        arguments("'/bin/echo' \"one  two\"", "one  two three"),
        arguments("A=\"one  two\" bash -c 'echo \"$A\"'", "one  two"),
        arguments("A=\"one  two\"; echo \"$A\"", "one  two three"),
        arguments("echo `" + counting + "`", "1 three"),
        arguments("echo $(" + counting + ")", "1 three"),
        arguments("echo one\\ \\ two", "one  two three"),
        arguments("bash -c 'echo \"one  two\" $0'", "one  two three"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"python3 -m distributed.cli.dask_scheduler", "'/a b/python' -m x", "$HOME/x"})
  void whatTheQuotesDoNotChangeStays(String executable) {
    ObjectNode job = job(executable, "three");
    ObjectNode before = job.deepCopy();

    WrittenExecutable.makeSafe(job);

    assertThat(job).isEqualTo(before);
  }

  @Test
  void anApplicationOfTheSiteHasNoExecutable() {
    ObjectNode job = new JsonMapper().createObjectNode().put("ApplicationName", "dask-worker");

    WrittenExecutable.makeSafe(job);

    assertThat(job).hasSize(1);
  }

  private static ObjectNode job(String executable, String argument) {
    ObjectNode job = new JsonMapper().createObjectNode().put("Executable", executable);
    job.withArray("/Arguments").add(argument);
    return job;
  }

  /** As UNICORE's script has it. */
  private static String run(ObjectNode job) throws Exception {
    WrittenExecutable.makeSafe(job);
    String executable = job.path("Executable").asText();
    StringBuilder line = new StringBuilder(executable);
    StreamSupport.stream(job.path("Arguments").spliterator(), false)
        .forEach(argument -> line.append(' ').append(argument.asText()));
    String script =
        "COUNT=$(mktemp)\nUC_EXECUTABLE=\"%1$s\"; export UC_EXECUTABLE\nchmod u+x \"%2$s\" 2> /dev/null\n%3$s\nrm \"$COUNT\"\n"
            .formatted(executable, executable.split(" ")[0], line);
    Process shell = new ProcessBuilder("bash", "-c", script).redirectErrorStream(true).start();
    return new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }
}
