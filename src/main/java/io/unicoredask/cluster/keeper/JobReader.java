package io.unicoredask.cluster.keeper;

import io.unicoredask.unicore.Job;
import io.unicoredask.unicore.JobNotFoundException;
import io.unicoredask.unicore.JobStatus;
import io.unicoredask.unicore.UnicoreException;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads jobs, and what there is to say of one that is over. */
class JobReader {

  private static final int TAIL_BYTES = 2000;
  private static final int FORBIDDEN = 403;

  /**
   * UNICORE has every job write it when its script ends, up to a minute before the status says so.
   */
  private static final String EXIT_CODE = "UNICORE_SCRIPT_EXIT_CODE";

  private final UnicoreSite site;

  JobReader(UnicoreSite site) {
    this.site = site;
  }

  /**
   * How a job is by its status, which lags behind.
   *
   * @param purpose what the job is for
   */
  JobSeen status(URI url, String purpose) {
    try {
      Job job = site.job(url);
      return job.status().isFinished()
          ? new JobSeen.Ended(job.status() == JobStatus.SUCCESSFUL, obituary(url, job, purpose))
          : new JobSeen.Alive(job);
    } catch (JobNotFoundException e) {
      return new JobSeen.Ended(
          false,
          "the %s job %s is gone from site '%s'".formatted(purpose, shown(url), site.name()));
    }
  }

  /** The same of one of many. */
  JobSeen statusOrUnknown(URI url, String purpose) {
    try {
      return status(url, purpose);
    } catch (UnicoreException e) {
      if (e.isRetryable()) {
        return new JobSeen.Unknown(e);
      }
      throw e;
    }
  }

  /** The same of one that may be somebody else's. */
  JobSeen statusIfOurs(URI url, String purpose) {
    try {
      return status(url, purpose);
    } catch (UnicoreException e) {
      if (e.status() != FORBIDDEN) {
        throw e;
      }
      // Throws if it is us whom the site refuses, and not the job.
      return new JobSeen.NotOurs(site.info().uid());
    }
  }

  /**
   * How a job is, as its directory shows even where its status says that it goes on.
   *
   * @param purpose what the job is for
   */
  JobSeen evidence(URI url, String purpose) {
    JobSeen seen = status(url, purpose);
    if (!(seen instanceof JobSeen.Alive alive) || alive.job().workingDirectory() == null) {
      return seen;
    }
    Optional<String> exitCode =
        site.file(alive.job().workingDirectory(), EXIT_CODE)
            .map(content -> new String(content, StandardCharsets.UTF_8).strip())
            .filter(content -> !content.isEmpty());
    return exitCode
        .<JobSeen>map(
            code ->
                new JobSeen.Ended(
                    code.equals("0"),
                    "the %s job %s has ended with exit code %s%s"
                        .formatted(purpose, shown(url), code, lastWords(alive.job()))))
        .orElse(seen);
  }

  private String obituary(URI url, Job job, String purpose) {
    StringBuilder text =
        new StringBuilder("the %s job %s ended as %s".formatted(purpose, shown(url), job.status()));
    if (job.exitCode() != null) {
      text.append(" with exit code ").append(job.exitCode());
    }
    if (job.statusMessage() != null && !job.statusMessage().isBlank()) {
      text.append(": ").append(job.statusMessage().strip());
    }
    return text.append(lastWords(job)).toString();
  }

  private URI shown(URI url) {
    return site.resolve(url);
  }

  private String lastWords(Job job) {
    String stderr = stderrOf(job);
    return stderr.isBlank()
        ? " without a word on stderr"
        : "\nThe end of its stderr:\n" + stderr.strip();
  }

  private String stderrOf(Job job) {
    if (job.workingDirectory() == null) {
      return "";
    }
    try {
      return site.tail(job.workingDirectory(), "stderr", TAIL_BYTES).orElse("");
    } catch (UnicoreException e) {
      return "(could not be read: " + e.getMessage() + ")";
    }
  }
}
