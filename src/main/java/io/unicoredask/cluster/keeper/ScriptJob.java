package io.unicoredask.cluster.keeper;

import io.soabase.recordbuilder.core.RecordBuilder;
import io.unicoredask.unicore.JobStatus;
import java.net.URI;
import java.util.Map;

/**
 * The job that runs a script, and how far its output has been read.
 *
 * @param job the job's URL
 * @param stdout the name of the file that has its standard output
 * @param stdoutRead how many bytes of it have been read
 * @param stderr the name of the file that has its standard error
 * @param stderrRead how many bytes of it have been read
 * @param output the end of what was read of both
 * @param resultFiles the paths of the files wanted of it, by variable name
 * @param status how it ended; null while it has not
 * @param statusMessage what the site said about that
 * @param exitCode null while unknown, and if the site never learned it
 */
@RecordBuilder
public record ScriptJob(
    URI job,
    String stdout,
    long stdoutRead,
    String stderr,
    long stderrRead,
    String output,
    Map<String, String> resultFiles,
    JobStatus status,
    String statusMessage,
    Integer exitCode)
    implements ScriptJobBuilder.With {

  static ScriptJob submitted(
      URI job, String stdout, String stderr, Map<String, String> resultFiles) {
    return new ScriptJob(job, stdout, 0, stderr, 0, "", resultFiles, null, null, null);
  }

  ScriptJob over(JobStatus how, String message, Integer code) {
    return with().status(how).statusMessage(message).exitCode(code).build();
  }

  boolean isOver() {
    return status != null;
  }

  boolean endedWell() {
    return status == JobStatus.SUCCESSFUL && (exitCode == null || exitCode == 0);
  }
}
