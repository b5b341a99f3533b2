package io.unicoredask.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.TestSite;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the agent adds to a scheduler's start and to the run time of many small tasks. Not a test,
 * and not run as one: {@code mvn test -Dtest=AgentBenchmark} prints both with and without it, in
 * seconds.
 */
class AgentBenchmark {

  private static final int ROUNDS = Integer.getInteger("benchmark.rounds", 5);
  private static final int TASKS = Integer.getInteger("benchmark.tasks", 10_000);

  @TempDir private Path directory;

  @Test
  void whatTheAgentCosts() throws Exception {
    RelayProcess.putPrograms(directory);
    Path program = directory.resolve("agent.py");
    try (InputStream source = getClass().getResourceAsStream("/benchmarks/agent.py")) {
      Files.write(program, source.readAllBytes());
    }
    Process process =
        new ProcessBuilder(
                TestSite.python().toString(),
                program.toString(),
                directory.toString(),
                String.valueOf(ROUNDS),
                String.valueOf(TASKS))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    process.inputReader().lines().forEach(System.out::println);
    assertThat(process.waitFor()).isZero();
  }
}
