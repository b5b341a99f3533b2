package io.unicoredask.localsite;

import java.io.IOException;
import java.nio.file.Files;

/** Decides how a run that is over has ended. */
final class Outcome {
  private Outcome() {}

  static void of(Job job) {
    boolean allocation = job.type() == JobType.ALLOCATE;
    Integer code = allocation ? Integer.valueOf(0) : exitCode(job);
    if (code == null) {
      job.failed(incomplete(job));
      return;
    }
    if (!allocation) {
      job.exitCode(code);
    }
    job.log("Job completed on BSS.");
    if (code == 0 || job.description().anyExitCode()) {
      job.succeeded();
    } else {
      job.failed(
          ("User application exited with non-zero exit code: <%s>. More information might be"
                  + " available in the job's working directory '%s/'")
              .formatted(code, job.directory));
      job.log("Status set to DONE - failure.");
    }
  }

  static boolean hasExitCode(Job job) {
    return exitCode(job) != null;
  }

  /** A script that was killed, by its runtime for example, has not written the file. */
  private static Integer exitCode(Job job) {
    try {
      return Integer.valueOf(
          Files.readString(job.directory.resolve(JobScript.EXIT_CODE_FILE)).trim());
    } catch (IOException | NumberFormatException notWritten) {
      return null;
    }
  }

  private static String incomplete(Job job) {
    return job.type() == JobType.ON_LOGIN_NODE
        ? "Execution was not completed (no exit code file found), please check standard error"
            + " file <%s>".formatted(job.description().stderr())
        : "Job did not complete normally on BSS, please check standard error file and job log for"
            + " more information.";
  }
}
