package io.unicoredask.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.unicoredask.ApplicationTest;
import io.unicoredask.BareDask;
import io.unicoredask.CodeBlock;
import io.unicoredask.Document;
import io.unicoredask.FreePort;
import io.unicoredask.Patience;
import io.unicoredask.TestSite;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;

/**
 * The commands of the documentation, as they stand there and in their order, pasted into one shell.
 * This application has other ports, another home and more sites than that of the documentation.
 */
@ApplicationTest
class DocumentedCommandsTest {

  @TempDir private Path directory;
  @LocalServerPort int port;

  @Value("${application.home}")
  private Path home;

  @Autowired RuntimeService runtimeService;

  private int schedulerPort;
  private int dashboardPort;

  @BeforeEach
  void choosePorts() throws IOException {
    schedulerPort = FreePort.any();
    dashboardPort = FreePort.any();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          README.md                     | 45
          src/docs/tutorial.md          | 332833500
          src/docs/how-to/python.md     | /status
          src/docs/how-to/notebooks.md  |
          src/docs/how-to/work.md       | {"sum": 285}
          """)
  void whatIsPastedWorks(String page, String printed) throws Exception {
    assumeTrue(isThere("curl") && isThere("bash"), "no curl or no bash here");
    Set<String> others = clusters();
    StringBuilder script =
        new StringBuilder("set -euo pipefail\ncurl() { command curl -f \"$@\"; }\n");
    List<CodeBlock> blocks =
        Document.read(Path.of(page)).blocks().stream()
            .filter(block -> block.isRunBy(getClass()))
            .toList();
    assertThat(blocks).isNotEmpty();
    for (CodeBlock block : blocks) {
      // The name of a program is made up, and may have the digits of a port in it.
      script.append(block.language().equals("python") ? program(block) : here(block.text()));
    }

    Path output = directory.resolve("output");
    Process shell = start(script.toString(), output);
    try {
      assertThat(Patience.seesTheEndOf(shell)).as(Files.readString(output)).isTrue();
      assertThat(shell.exitValue()).as(Files.readString(output)).isZero();
      assertThat(Files.readString(output)).contains(Objects.requireNonNullElse(printed, ""));
    } finally {
      shell.destroyForcibly();
    }
    await().until(() -> others.containsAll(clusters()));
  }

  /** Pasted into a Python that has Dask. */
  private String program(CodeBlock block) throws IOException {
    Path program = Files.createTempFile(directory, "program", ".py");
    String path = "import sys; sys.path.insert(0, 'src/main/python')\n";
    Files.writeString(program, here(path + block.text()));
    return Stream.concat(TestSite.client().stream(), Stream.of(program.toString()))
        .map("'%s'"::formatted)
        .reduce("", (line, word) -> line + word + " ")
        .concat("\n");
  }

  /** In one pass, since what is put in may have the digits of another port in it. */
  private String here(String text) {
    Map<String, String> here =
        Map.of(
            "http://localhost:8080",
            "http://127.0.0.1:" + port,
            "target/camunda-unicore-dask",
            home.toString(),
            "4322",
            String.valueOf(schedulerPort),
            "4323",
            String.valueOf(dashboardPort),
            "\"variables\": {",
            "\"variables\": {\"site\": {\"value\": \"local\"}, ",
            "n_workers=2",
            "n_workers=2, site=\"local\"",
            "Submitter(",
            "Submitter(site=\"local\", ");
    String there = here.keySet().stream().map(Pattern::quote).collect(Collectors.joining("|"));
    return Pattern.compile(there)
        .matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(here.get(match.group())));
  }

  private Process start(String script, Path output) throws IOException {
    ProcessBuilder shell =
        new ProcessBuilder("bash", "-c", script)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    shell
        .environment()
        .putAll(
            Map.of(
                "PYTHONPATH",
                BareDask.path().toString(),
                "PYTHONDONTWRITEBYTECODE",
                "1",
                "CAMUNDA_DASK_ADDRESS",
                "http://127.0.0.1:%d/engine-rest".formatted(port),
                "DASK_CAMUNDA_DASK__UNICORE_CLUSTER__LOCAL_PORT",
                "0"));
    return shell.start();
  }

  private Set<String> clusters() {
    return runtimeService
        .createProcessInstanceQuery()
        .processDefinitionKey("dask-cluster")
        .list()
        .stream()
        .map(ProcessInstance::getId)
        .collect(Collectors.toSet());
  }

  private static boolean isThere(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
