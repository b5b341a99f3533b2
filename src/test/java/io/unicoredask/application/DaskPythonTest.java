package io.unicoredask.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that play python3, apt-get and id, on a search path of their own. */
class DaskPythonTest {

  private static final String HAS_DASK = "if [ \"$1\" = -c ]; then echo \"$0\"; exit 0; fi\n";
  private static final String NO_DASK = "if [ \"$1\" = -c ]; then echo no Dask; exit 1; fi\n";

  /** Copies the program "venv-python" into a new environment. */
  private static final String MAKES_VENV =
      """
      if [ "$2" = venv ]; then
        echo made >> "$(dirname "$0")/made"
        mkdir -p "$3/bin" && cp "$(dirname "$0")/venv-python" "$3/bin/python"
        touch "$3/bin/pip"
        exit 0
      fi
      """;

  @TempDir Path folder;
  private Path bin;
  private Path build;
  private final List<String> progress = new ArrayList<>();

  @BeforeEach
  void makeFolders() throws IOException {
    bin = Files.createDirectory(folder.resolve("bin"));
    build = folder.resolve("build");
  }

  @Test
  void aPythonThatHasDaskIsTakenAsItIs() throws IOException {
    Path python = program("python3", HAS_DASK + "exit 1");
    assertThat(find()).isEqualTo(python);
    assertThat(build).doesNotExist();
  }

  @Test
  void anEnvironmentIsMadeOnceAndKept() throws IOException {
    program("python3", NO_DASK + MAKES_VENV);
    program("venv-python", HAS_DASK + "echo \"$@\" >> \"$(dirname \"$0\")/installed\"");
    Path python = build.resolve("dask/bin/python");
    assertThat(find()).isEqualTo(python);
    assertThat(find()).isEqualTo(python);
    assertThat(bin.resolve("made")).content().isEqualTo("made\n");
    assertThat(build.resolve("dask/bin/installed"))
        .content()
        .contains("distributed>=2022.12,<2026.9")
        .contains("bokeh");
    assertThat(progress).anyMatch(line -> line.contains("Installing Dask"));
  }

  /** Also where Python is told to write nothing of it down. */
  @Test
  void whatDaskImportsIsCompiledWhenTheEnvironmentIsMade() throws IOException {
    program("python3", NO_DASK + MAKES_VENV);
    program(
        "venv-python",
        """
        case "$2" in *distributed.cli.dask_worker*)
          test -z "${PYTHONDONTWRITEBYTECODE-unset}" && touch "$(dirname "$0")/compiled"
        esac
        """
            + HAS_DASK);
    find();
    assertThat(build.resolve("dask/bin/compiled")).exists();
  }

  @Test
  void aHalfMadeEnvironmentIsMadeAnew() throws IOException {
    program("python3", NO_DASK + MAKES_VENV);
    program("venv-python", HAS_DASK);
    Path leftover = build.resolve("dask/bin/leftover");
    Files.createDirectories(leftover);
    find();
    assertThat(leftover).doesNotExist();
  }

  @Test
  void twoAtOnceMakeOneEnvironment() throws Exception {
    program("python3", NO_DASK + MAKES_VENV);
    program("venv-python", HAS_DASK);
    CompletableFuture<Path> other =
        CompletableFuture.supplyAsync(
            () -> new DaskPython(build, line -> {}, List.of(bin), folder.resolve("none")).find());
    assertThat(find()).isEqualTo(other.get());
    assertThat(bin.resolve("made")).content().isEqualTo("made\n");
  }

  @Test
  void bokehIsOptional() throws IOException {
    program("python3", NO_DASK + MAKES_VENV);
    program("venv-python", HAS_DASK + "case \"$*\" in *bokeh*) exit 1;; esac");
    assertThat(find()).isEqualTo(build.resolve("dask/bin/python"));
    assertThat(progress).anyMatch(line -> line.contains("without bokeh"));
  }

  @Test
  void withoutAPackageIndexRootOnDebianGetsDebiansDask() throws IOException {
    program("python3", NO_DASK + MAKES_VENV);
    program("venv-python", NO_DASK + "echo no index; exit 1");
    program("id", "echo 0");
    program("apt-get", "[ \"$1\" = update ] || echo \"$@\" >> \"$(dirname \"$0\")/apt\"");
    Path system = program("system-python", HAS_DASK + "exit 1");
    assertThat(new DaskPython(build, progress::add, List.of(bin), system).find()).isEqualTo(system);
    assertThat(bin.resolve("apt")).content().isEqualTo("install -y python3-distributed\n");
  }

  @Test
  void withoutPythonRootOnDebianGetsOneThatMakesAnEnvironment() throws IOException {
    program("id", "echo 0");
    program("apt-get", "[ \"$1\" = update ] || echo \"$@\" >> \"$(dirname \"$0\")/apt\"");
    program("venv-python", HAS_DASK);
    Path system = program("system-python", NO_DASK + MAKES_VENV);
    assertThat(new DaskPython(build, progress::add, List.of(bin), system).find())
        .isEqualTo(build.resolve("dask/bin/python"));
    assertThat(bin.resolve("apt")).content().isEqualTo("install -y python3-venv\n");
  }

  @Test
  void whoIsNotRootIsToldWhatToInstallAndWhatWasTried() throws IOException {
    program("python3", NO_DASK + MAKES_VENV);
    program("venv-python", NO_DASK + "echo no index answers; exit 1");
    program("id", "echo 1000");
    program("apt-get", "touch \"$(dirname \"$0\")/apt\"");
    assertThatThrownBy(this::find)
        .isInstanceOf(DaskPythonMissingException.class)
        .hasMessageContaining("apt-get install -y python3-distributed")
        .hasMessageContaining("pip install")
        .hasMessageContaining("no index answers");
    assertThat(bin.resolve("apt")).doesNotExist();
  }

  @Test
  void aCommandThatHangsIsEnded() throws IOException {
    Path slow = program("slow", "echo started; sleep 60");
    assertThatThrownBy(
            () -> DaskPythonCommand.run(Duration.ofMillis(500), Map.of(), List.of(slow.toString())))
        .isInstanceOf(DaskPythonCommand.Failure.class)
        .hasMessageContaining("longer than PT0.5S")
        .hasMessageContaining("started");
  }

  private Path find() {
    return new DaskPython(build, progress::add, List.of(bin), folder.resolve("none")).find();
  }

  private Path program(String name, String script) throws IOException {
    Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + script + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
