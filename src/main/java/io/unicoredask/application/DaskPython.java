package io.unicoredask.application;

import io.unicoredask.application.DaskPythonCommand.Failure;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.util.FileSystemUtils;

/**
 * Finds a Python that has Dask, and makes one where there is none: an environment of its own, or as
 * root on Debian and its kin, the system's package.
 */
public final class DaskPython {

  private static final String DISTRIBUTED = "distributed>=2022.12,<2026.9";
  private static final String BOKEH = "bokeh>=3.1,<4";

  /** Fails for a Dask without the HTTP API, as those before 2022.12 are; says where Python is. */
  private static final String CHECK =
      "import sys, distributed, distributed.http.scheduler.api; print(sys.executable)";

  /** All that a scheduler, a worker and a client of it import. */
  private static final String IMPORTS =
      """
      import contextlib, distributed.cli.dask_scheduler, distributed.cli.dask_worker
      with contextlib.suppress(ImportError):
          import distributed.dashboard.scheduler  # needs bokeh
      """;

  private static final Duration CHECK_LIMIT = Duration.ofMinutes(1);
  private static final Duration VENV_LIMIT = Duration.ofMinutes(2);
  private static final Duration INSTALL_LIMIT = Duration.ofMinutes(10);
  private static final Object ONE_AT_A_TIME = new Object();

  private final Path environment;
  private final Consumer<String> progress;
  private final List<Path> searchPath;
  private final Path systemPython;
  private final List<String> problems = new ArrayList<>();

  DaskPython(
      Path buildFolder, Consumer<String> progress, List<Path> searchPath, Path systemPython) {
    this.environment = buildFolder.toAbsolutePath().resolve("dask");
    this.progress = progress;
    this.searchPath = searchPath;
    this.systemPython = systemPython;
  }

  /**
   * Finds or makes a Python that has Dask. The first one is taken of: {@code python3} on the {@code
   * PATH}; the environment {@code dask} in the build folder, which is made once and then kept; and,
   * if this is root and has {@code apt-get}, Debian's package. Processes that make the environment
   * at the same time wait for each other.
   *
   * @param buildFolder where the environment goes; made if it is missing
   * @param progress told in a line each what is done, since an installation takes a minute
   * @return the absolute path of the interpreter
   * @throws DaskPythonMissingException if none is found and none can be made; the message has the
   *     commands that were tried, the end of what they wrote, and what to install
   */
  public static Path find(Path buildFolder, Consumer<String> progress) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    List<Path> folders =
        Arrays.stream(path.split(File.pathSeparator))
            .filter(folder -> !folder.isEmpty())
            .map(Path::of)
            .toList();
    return new DaskPython(buildFolder, progress, folders, Path.of("/usr/bin/python3")).find();
  }

  Path find() {
    Optional<Path> python = executable("python3");
    return python
        .flatMap(this::withDask)
        .orElseGet(
            () -> {
              synchronized (ONE_AT_A_TIME) {
                return findOrMake(python);
              }
            });
  }

  private Path findOrMake(Optional<Path> python) {
    try {
      Files.createDirectories(environment.getParent());
      Path lockFile = environment.resolveSibling("dask.lock");
      if (!Files.exists(lockFile)) {
        makePrivate(lockFile);
      }
      try (FileChannel channel =
              FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = lock(channel)) {
        return existing()
            .or(() -> python.flatMap(this::make))
            .or(this::fromDebian)
            .orElseThrow(this::missing);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use the folder " + environment.getParent(), e);
    }
  }

  private static void makePrivate(Path file) throws IOException {
    try {
      PrivateFiles.makeFile(file);
    } catch (FileAlreadyExistsException e) {
      // another process has made it just now
    }
  }

  private FileLock lock(FileChannel channel) throws IOException {
    FileLock lock = channel.tryLock();
    if (lock != null) {
      return lock;
    }
    progress.accept("Waiting for another process that makes " + environment);
    return channel.lock();
  }

  private Optional<Path> existing() {
    return Files.exists(marker()) ? withDask(interpreter()) : Optional.empty();
  }

  /** Makes the environment. The marker comes last: without it the environment is half-made. */
  private Optional<Path> make(Path python) {
    progress.accept("Making a Python environment in " + environment);
    try {
      FileSystemUtils.deleteRecursively(environment);
      PrivateFiles.makeDirectory(environment);
      run(VENV_LIMIT, python.toString(), "-m", "venv", environment.toString());
      progress.accept("Installing Dask there; this takes about a minute");
      pipInstall(DISTRIBUTED);
      try {
        pipInstall(BOKEH);
      } catch (Failure e) {
        progress.accept(
            "Going on without bokeh, so Dask's dashboard stays empty: " + e.getMessage());
      }
      compile();
      Optional<Path> made = withDask(interpreter());
      if (made.isPresent()) {
        Files.createFile(marker());
      }
      return made;
    } catch (Failure e) {
      problems.add(e.getMessage());
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to " + environment, e);
    }
  }

  /** Only what is imported, a small part: see {@link #compile}. */
  private void pipInstall(String requirement) throws Failure {
    run(
        INSTALL_LIMIT,
        interpreter().toString(),
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--retries=1",
        "--timeout=30",
        "install",
        "--no-compile",
        requirement);
  }

  /**
   * Otherwise each process of each cluster would compile it anew where the environment says that
   * Python is to write none of it down, as in many a container.
   */
  private void compile() throws Failure {
    DaskPythonCommand.run(
        INSTALL_LIMIT,
        Map.of("PYTHONDONTWRITEBYTECODE", ""),
        List.of(interpreter().toString(), "-c", IMPORTS));
  }

  /**
   * Debian's Python may make an environment once {@code venv} is there; else it has its own Dask.
   */
  private Optional<Path> fromDebian() {
    Optional<Path> aptGet = executable("apt-get");
    if (aptGet.isEmpty() || !isRoot()) {
      return Optional.empty();
    }
    try {
      apt(aptGet.get(), "update");
      // where pip is there it was the package index that failed, and would again
      if (!Files.exists(environment.resolve("bin").resolve("pip"))) {
        progress.accept("Installing python3-venv with apt-get");
        apt(aptGet.get(), "install", "-y", "python3-venv");
        Optional<Path> made = make(systemPython);
        if (made.isPresent()) {
          return made;
        }
      }
      progress.accept("Installing python3-distributed with apt-get");
      apt(aptGet.get(), "install", "-y", "python3-distributed");
      return withDask(systemPython);
    } catch (Failure e) {
      problems.add(e.getMessage());
      return Optional.empty();
    }
  }

  private void apt(Path aptGet, String... arguments) throws Failure {
    List<String> command = new ArrayList<>(List.of(aptGet.toString()));
    command.addAll(List.of(arguments));
    DaskPythonCommand.run(INSTALL_LIMIT, Map.of("DEBIAN_FRONTEND", "noninteractive"), command);
  }

  private boolean isRoot() {
    return executable("id")
        .map(
            id -> {
              try {
                return run(CHECK_LIMIT, id.toString(), "-u").strip().equals("0");
              } catch (Failure e) {
                return false;
              }
            })
        .orElse(false);
  }

  private Optional<Path> withDask(Path python) {
    try {
      String output = run(CHECK_LIMIT, python.toString(), "-c", CHECK);
      Path found = Path.of(output.strip().lines().reduce((first, last) -> last).orElse(""));
      progress.accept("Using " + found + " for Dask");
      return Optional.of(found);
    } catch (Failure e) {
      problems.add(e.getMessage());
      return Optional.empty();
    }
  }

  private DaskPythonMissingException missing() {
    if (executable("python3").isEmpty()) {
      problems.add(0, "There is no python3 on the PATH.");
    }
    return new DaskPythonMissingException(
        """
        No Python with Dask was found, and none could be installed. Install one of
          - Python 3 with Dask: python3 -m pip install '%s' '%s'
          - on Debian or Ubuntu: sudo apt-get install -y python3-distributed
        so that 'python3 -c "import distributed"' works, and start again. What was tried:
          %s"""
            .formatted(DISTRIBUTED, BOKEH, String.join("\n  ", problems)));
  }

  private static String run(Duration limit, String... command) throws Failure {
    return DaskPythonCommand.run(limit, Map.of(), List.of(command));
  }

  private Optional<Path> executable(String name) {
    return searchPath.stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private Path interpreter() {
    return environment.resolve("bin").resolve("python");
  }

  private Path marker() {
    return environment.resolve("complete");
  }
}
