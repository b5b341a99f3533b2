package io.unicoredask.localsite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Starts jobs' scripts as processes, and leaves none of them behind.
 *
 * <p>Each runs below a shell that holds a pipe from this JVM: when the pipe is closed, or the JVM
 * is gone, that shell ends the job's whole process group, and on Linux also what has left the
 * group.
 */
final class JobRunner {
  private static final int GRACE_SECONDS = 3;

  /** What jobs' Python programs load first. */
  private static final String PYTHON = "python";

  private final Path helpers;
  private final Set<Running> running = ConcurrentHashMap.newKeySet();

  /**
   * @param python what {@code python3} is in jobs; {@code null} for the machine's
   */
  JobRunner(Path helpers, Path python) throws IOException {
    this.helpers = Files.createDirectories(helpers);
    install("run-job.sh");
    install("srun");
    Files.createDirectories(helpers.resolve(PYTHON));
    install(PYTHON + "/sitecustomize.py");
    Path wrapper = helpers.resolve("python3");
    if (python == null) {
      Files.deleteIfExists(wrapper);
    } else {
      Files.writeString(wrapper, "#!/bin/sh\nexec %s \"$@\"\n".formatted(quoted(python)));
      wrapper.toFile().setExecutable(true, true);
    }
  }

  /** A path for a shell. */
  static String quoted(Path path) {
    return "'" + path.toString().replace("'", "'\\''") + "'";
  }

  private void install(String name) throws IOException {
    try (InputStream resource = JobRunner.class.getResourceAsStream("/localsite/" + name)) {
      Path file = helpers.resolve(name);
      Files.copy(resource, file, StandardCopyOption.REPLACE_EXISTING);
      file.toFile().setExecutable(true, true);
    }
  }

  /**
   * Starts a script.
   *
   * @param environment added to this JVM's environment
   * @param mark tells this job's processes from all others on the machine
   */
  Running start(
      Path directory,
      Path script,
      String stdout,
      String stderr,
      Map<String, String> environment,
      String mark)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                "/bin/bash",
                helpers.resolve("run-job.sh").toString(),
                script.toString(),
                directory.resolve(stdout).toString(),
                directory.resolve(stderr).toString(),
                mark,
                String.valueOf(GRACE_SECONDS))
            .directory(directory.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(environment);
    builder.environment().put(JobScript.PYTHON, helpers.resolve(PYTHON).toString());
    builder.environment().merge("PATH", "/usr/bin:/bin", (path, none) -> helpers + ":" + path);
    Running started = new Running(builder.start());
    running.add(started);
    started.process.onExit().thenRun(() -> running.remove(started));
    return started;
  }

  /** How many jobs have a process left; one that has ended may not be forgotten yet. */
  int count() {
    return (int) running.stream().filter(Running::isAlive).count();
  }

  /** Ends all processes and waits until they are gone. */
  void close() throws InterruptedException {
    running.forEach(Running::kill);
    for (Running left : Set.copyOf(running)) {
      if (!left.process.waitFor(10L * GRACE_SECONDS, TimeUnit.SECONDS)) {
        left.process.descendants().forEach(ProcessHandle::destroyForcibly);
        left.process.destroyForcibly();
      }
    }
  }

  /** The processes of one job. */
  static final class Running {
    private final Process process;

    private Running(Process process) {
      this.process = process;
    }

    long pid() {
      return process.pid();
    }

    boolean isAlive() {
      return process.isAlive();
    }

    /** The script's exit code; only when the last process is gone. */
    int exitCode() {
      return process.exitValue();
    }

    /** Runs something when the last process is gone. */
    void onExit(Runnable then) {
      process.onExit().thenRun(then);
    }

    /** Begins to end the processes: SIGTERM, and SIGKILL three seconds later. */
    void kill() {
      try {
        process.getOutputStream().close();
      } catch (IOException alreadyGone) {
        // the pipe is closed all the same
      }
    }
  }
}
