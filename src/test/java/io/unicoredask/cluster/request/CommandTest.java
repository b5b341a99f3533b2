package io.unicoredask.cluster.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A job's command line, as the shell of its script and Dask read it; ` stands for the quotes of
 * JSON.
 */
class CommandTest {

  // Options

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{`Arguments`: [`--port`, `8799`]}",
        "{`Arguments`: [`--port 8799`]}",
        "{`Arguments`: [`--port=8799`]}",
        "{`Arguments`: [` --no-show\\t--port   8799 `]}",
        "{`Arguments`: [`'--port'`, `8799`]}",
        "{`Arguments`: [`--po\\\"rt=\\\"8799`]}",
        "{`Arguments`: [`--po\\\\rt`, `8799`]}",
        "{`Arguments`: [`$'--port'`, `8799`]}",
        "{`Arguments`: [`--port`, `$PORT`]}",
        "{`Arguments`: [`--port=${PORT:-8799}`]}",
        "{`Arguments`: [`--port $(free-port --above 8000)`]}",
        "{`Arguments`: [`$OPTS`], `Environment`: [`OPTS=--no-show --port 8799`]}",
        "{`Arguments`: [`${OPTS}`], `Environment`: {`OPTS`: `$MORE`, `MORE`: `--port 8799`}}",
        "{`Arguments`: [`$OPTS`], `Parameters`: {`OPTS`: `--port=8799`}}",
        "{`ApplicationName`: `dask-scheduler`, `Arguments`: [`--port`, `8799`]}",
        "{`Executable`: `dask-scheduler --port 8799`}",
        "{`Executable`: `dask scheduler --port=8799 --no-show`}",
        "{`Executable`: `/opt/venv/bin/dask scheduler`, `Arguments`: [`--port`, `8799`]}",
        "{`Executable`: `'/opt/my dask/bin/dask-scheduler' --port 8799`}",
        "{`Executable`: `/opt/my\\\\ dask/bin/dask-scheduler --port 8799`}",
        "{`Executable`: `python3 -m dask scheduler --port 8799`}",
        "{`Executable`: `python3 -Im distributed.cli.dask_scheduler --port 8799`}",
        "{`Executable`: `python3 -mdistributed.cli.dask_scheduler --port 8799`}",
        "{`Executable`: `python3 /opt/distributed/cli/dask_scheduler.py --port 8799`}",
        "{`Executable`: `srun --overlap -n1 -N1 python -m distributed.cli.dask_scheduler --port 8799`}",
        "{`Executable`: `conda run -n dask --no-capture-output dask-scheduler --port 8799`}",
        "{`Executable`: `module load Dask && exec dask scheduler --port 8799`}",
        "{`Executable`: `A=b dask scheduler --port 8799 > log 2>&1`}",
        "{`Executable`: `dask scheduler > --log`, `Arguments`: [`--port`, `8799`]}",
        "{`Executable`: `ssh node1 'dask scheduler --port 8799'`}",
        "{`Executable`: `bash -lc 'module load Dask; exec dask scheduler --port 8799 \\\"$@\\\"' dask`}",
        "{`Executable`: `./start-my-scheduler.sh`, `Arguments`: [`--port`, `8799`]}",
        "{`Executable`: `./start-my-scheduler.sh --port 8799`}",
      })
  void anOptionIsFoundInWhateverFormItIsGiven(String job) {
    Command command = command(job);

    assertThat(command.sets("--port")).isTrue();
    assertThat(command.sets("--host")).isFalse();
    assertThat(command.problem()).isEmpty();
    assertThat(command.problemForDask()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{`Arguments`: [`--pid-file`, `--port`]}",
        "{`Arguments`: [`--pid-file --port`]}",
        "{`Arguments`: [`--portal`]}",
        "{`Arguments`: [`'--port 8799'`]}",
        "{`Executable`: `srun --port 1 dask scheduler`}",
        "{`Executable`: `docker run --port 1 image dask-scheduler`}",
        "{`Executable`: `echo --port 1; dask scheduler`}",
        "{`Executable`: `dask scheduler > --port`}",
        "{`Executable`: `dask scheduler`, `Environment`: [`OPTS=--port 1`]}",
      })
  void whatOnlyLooksLikeTheOptionIsNone(String job) {
    assertThat(command(job).sets("--port")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --nthreads 4            | 4
          --nthreads=4            | 4
          --nthreads=             | ''
          --nthreads 2 --nthreads 4 | 4
          --nthreads '4 5'        | 4 5
          """)
  void theLastValueOfAnOptionCounts(String arguments, String value) {
    assertThat(command("{`Executable`: `dask worker %s`}".formatted(arguments)).value("--nthreads"))
        .hasValue(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          dask worker tcp://login1:8786                   | true
          dask worker login1:8786 --nthreads 2            | true
          dask worker --no-nanny tcp://login1:8786        | true
          dask worker "$ADDRESS"                          | true
          dask worker tcp://$HOST:8786                    | true
          dask worker --contact-address tcp://node1:1     | false
          dask worker --nthreads 2                        | false
          sh -c 'dask worker "$@"' dask                   | false
          srun -n 1 my-worker tcp://login1:8786           | false
          """)
  void aWorkerMayBeGivenTheAddressOfItsScheduler(String executable, boolean named) {
    assertThat(command(executable, "").namesScheduler()).isEqualTo(named);
  }

  // What cannot be added to

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\u00a7',
      delimiterString = " => ",
      textBlock =
          """
          dask scheduler 'x => the quote ' is not closed
          dask scheduler "x => the quote " is not closed
          dask scheduler $'x\\' => the quote $' is not closed
          dask scheduler $(x => '$(x' is not closed
          dask scheduler ${x => '${x' is not closed
          dask scheduler `x => '`x' is not closed
          dask scheduler # all by default => end with the command itself
          dask scheduler; => end with the command itself
          dask scheduler & => end with the command itself
          dask scheduler && echo over => end with the command itself
          dask scheduler 2>&1 | tee log => end with the command itself
          (dask scheduler) => end with the command itself
          { dask scheduler; } => end with the command itself
          for i in 1 2; do dask scheduler; done => end with the command itself
          sh -c 'dask scheduler' => hands on what is added
          sh -c 'dask scheduler "$@"' => hands on what is added
          bash -lc ./start.sh => hands on what is added
          """)
  void aCommandThatWouldNotGetWhatIsAddedHasAProblem(String executable, String problem) {
    assertThat(command(executable, "").problem())
        .hasValueSatisfying(text -> assertThat(text).contains(problem));
  }

  @ParameterizedTest
  @CsvSource({
    "dask scheduler --, without the argument --",
    "dask scheduler $OPTS, without $OPTS where an option may stand",
    "dask scheduler --no-show $(cat options), without $(cat options) where"
  })
  void whatDaskCouldNotTakeMoreAfterIsAProblemForIt(String executable, String problem) {
    assertThat(command(executable, "").problem()).isEmpty();
    assertThat(command(executable, "").problemForDask())
        .hasValueSatisfying(text -> assertThat(text).contains(problem));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$PYTHON -m distributed.cli.dask_scheduler",
        "srun $SRUN_OPTIONS dask scheduler",
        "dask scheduler --host $HOSTNAME",
        "dask scheduler --host \"$A B\" --no-show",
        "my-wrapper $OPTIONS",
        "python3 -u",
        "dask scheduler \\# 'a;b' a\\&b",
        "dask scheduler a#b",
        "sleep 600 && true"
      })
  void otherCommandsHaveNoProblem(String executable) {
    assertThat(command(executable, "").problem()).isEmpty();
    assertThat(command(executable, "").problemForDask()).isEmpty();
  }

  @Test
  void aQuoteMayBeginInOneArgumentAndEndInAnother() {
    Command command = command("{`Arguments`: [`'--pid-file=a`, `b'`, `--port=1`]}");

    assertThat(command.value("--pid-file")).hasValue("a b");
    assertThat(command.sets("--port")).isTrue();
  }

  // Launchers

  @ParameterizedTest
  @ValueSource(
      strings = {
        "srun dask worker",
        "/usr/bin/srun -n1 dask worker",
        "module load Dask && srun -n1 dask worker",
        "OMP_NUM_THREADS=1 exec mpirun -n 1 dask worker",
        "env A=b srun dask worker",
        "sh -c 'srun dask worker \"$@\"' dask",
        "srun ./my-worker.sh"
      })
  void aLauncherIsFoundBeforeTheProgram(String executable) {
    assertThat(command(executable, "").isLaunched()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dask worker",
        "/home/srun/bin/dask worker",
        "/opt/mpirun/python -m distributed.cli.dask_worker",
        "dask worker --local-directory /scratch/srun srun",
        "srun hostname; dask worker"
      })
  void whatOnlyLooksLikeALauncherIsNone(String executable) {
    assertThat(command(executable, "").isLaunched()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          dask worker                      | srun -n1 dask worker
          module load Dask && dask worker  | module load Dask && srun -n1 dask worker
          A=b exec dask worker             | A=b exec srun -n1 dask worker
          cd /x; "/my dir/dask" worker     | cd /x; srun -n1 "/my dir/dask" worker
          """)
  void aLauncherIsPutBeforeTheCommandItselfAndNothingElse(String executable, String launched) {
    assertThat(command(executable, "--nthreads 2").launchedBy("srun -n1")).isEqualTo(launched);
  }

  /** Each takes the next one twice: the first would be 2 to the power of 60 characters long. */
  @Test
  void variablesThatMultiplyEndlesslyAreNotReadToTheirEnd() {
    ObjectNode job = new ObjectMapper().createObjectNode().put("Executable", "dask scheduler $V0");
    for (int i = 0; i < 60; i++) {
      job.withObject("/Environment").put("V" + i, "$V%d$V%d".formatted(i + 1, i + 1));
    }
    job.withObject("/Environment").put("V60", "x");

    assertThat(Command.of(job).problemForDask()).get().asString().contains("without $V0");

    job.withObject("/Environment").put("LONG", "x".repeat(50_000));
    job.put("Executable", "dask scheduler" + " $LONG".repeat(100));
    assertThat(Command.of(job).problem()).get().asString().contains("its variables make more");
  }

  @Test
  void aVariableThatNamesItselfOrAnUnknownOneIsNotKnown() {
    assertThat(
            command(
                    "{`Executable`: `dask scheduler`, `Arguments`: [`$A`],"
                        + " `Environment`: {`A`: `$B`, `B`: `$A`}}")
                .problemForDask())
        .isPresent();
    assertThat(
            command("{`Executable`: `dask scheduler $A`, `Environment`: {`A`: `$OPTIONS`}}")
                .problemForDask())
        .isPresent();
  }

  private static Command command(String executable, String argument) {
    return Command.of(
        new ObjectMapper()
            .createObjectNode()
            .put("Executable", executable)
            .set("Arguments", new ObjectMapper().createArrayNode().add(argument)));
  }

  private static Command command(String job) {
    try {
      JsonNode json = new ObjectMapper().readTree(job.replace('`', '"'));
      return Command.of(json);
    } catch (java.io.IOException e) {
      throw new AssertionError(job, e);
    }
  }
}
