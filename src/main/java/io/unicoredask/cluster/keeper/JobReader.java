package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.unicore.BatchState;
import io.unicoredask.unicore.Job;
import io.unicoredask.unicore.JobDetails;
import io.unicoredask.unicore.JobNotFoundException;
import io.unicoredask.unicore.JobStatus;
import io.unicoredask.unicore.UnicoreException;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads jobs, and what there is to say of one that is over. */
class JobReader {

  private static final int TAIL_BYTES = 2000;
  private static final int FORBIDDEN = 403;

  /**
   * UNICORE has every job write it when its script ends, up to a minute before the status says so.
   */
  private static final String EXIT_CODE = "UNICORE_SCRIPT_EXIT_CODE";

  private static final Duration TO_SAY_HOW = Duration.ofMillis(500);

  private static final String NOT_YET_AN_ALLOCATION = "INTERACTIVE_";
  private static final String ON_LOGIN_NODE = "ON_LOGIN_NODE";

  /** All that is known of a job whose scheduler has its workers. */
  private static final Job RUNNING =
      new Job(JobStatus.RUNNING, "", null, null, null, null, null, List.of(), null, null);

  private final UnicoreSite site;

  /** Jobs that are not over, as the site had them last: enough to ask the batch system. */
  private final Map<URI, Job> known = new HashMap<>();

  /** Those of which the batch system has said something. */
  private final Set<URI> detailed = new HashSet<>();

  /** Since when those were seen to be about to end. */
  private final Map<URI, Instant> ending = new HashMap<>();

  private ClusterRequest request;

  JobReader(UnicoreSite site) {
    this.site = site;
  }

  /** Says what the jobs were asked for with, for what there is to say of their ends. */
  void askedFor(ClusterRequest request) {
    this.request = request;
  }

  /**
   * How a job is: as the batch system says, where it is in one and that is known, otherwise by its
   * status.
   *
   * @param purpose what the job is for
   */
  JobSeen look(URI url, String purpose) {
    Job job = known.get(url);
    return job == null || !isInBatchSystem(job)
        ? status(url, purpose)
        : details(url, job, purpose).orElseGet(() -> status(url, purpose));
  }

  /**
   * How a job is now, whatever its status says: as the batch system says, if it can be asked.
   *
   * @param purpose what the job is for
   */
  JobSeen truth(URI url, String purpose) {
    boolean wasKnown = known.containsKey(url);
    JobSeen seen = look(url, purpose);
    return wasKnown || !known.containsKey(url) ? seen : look(url, purpose);
  }

  /**
   * When a job that runs began, and ends; nothing if the batch system does not say, {@code Unknown}
   * if it cannot be asked now.
   */
  Optional<JobSeen> times(URI url) {
    try {
      return site.details(url, known.get(url))
          .filter(details -> details.state() == BatchState.RUNNING)
          .map(details -> new JobSeen.Alive(RUNNING, Optional.of(details)));
    } catch (UnicoreException e) {
      if (e.isRetryable()) {
        return Optional.of(new JobSeen.Unknown(e));
      }
      throw e;
    }
  }

  /** Whether the batch system was asked about a job, and said something. */
  boolean hasDetails(URI url) {
    return detailed.contains(url);
  }

  private static boolean isInBatchSystem(Job job) {
    return job.batchSystemId() != null
        && !job.batchSystemId().startsWith(NOT_YET_AN_ALLOCATION)
        && !ON_LOGIN_NODE.equals(job.jobType());
  }

  private Optional<JobSeen> details(URI url, Job job, String purpose) {
    Optional<JobDetails> details = site.details(url, job);
    if (details.isPresent()) {
      detailed.add(url);
    }
    return details.map(said -> seen(url, job, said, purpose));
  }

  private JobSeen seen(URI url, Job job, JobDetails details, String purpose) {
    if (!details.state().isOver()) {
      JobStatus status =
          details.state() == BatchState.WAITING ? JobStatus.QUEUED : JobStatus.RUNNING;
      return new JobSeen.Alive(job.in(status), Optional.of(details));
    }
    known.remove(url);
    detailed.remove(url);
    return ended(url, job, details, purpose);
  }

  /** UNICORE's script ends well whatever the application's exit code is, which it writes down. */
  private JobSeen.Ended ended(URI url, Job job, JobDetails details, String purpose) {
    Optional<String> code =
        details.state() == BatchState.COMPLETED ? exitCode(job, purpose) : Optional.empty();
    if (code.isPresent()) {
      return ended(url, job, code.get(), purpose);
    }
    return new JobSeen.Ended(
        details.state() == BatchState.COMPLETED,
        Obituary.of(purpose, shown(url), details, request) + lastWords(job, purpose));
  }

  private JobSeen.Ended ended(URI url, Job job, String exitCode, String purpose) {
    return new JobSeen.Ended(
        exitCode.equals("0"),
        "the %s job %s has ended with exit code %s%s"
            .formatted(purpose, shown(url), exitCode, lastWords(job, purpose)));
  }

  /** That of an allocation is the exit code of what asked the batch system for it. */
  private Optional<String> exitCode(Job job, String purpose) {
    return job.workingDirectory() == null || purpose.equals(AllocationJob.PURPOSE)
        ? Optional.empty()
        : site.file(job.workingDirectory(), EXIT_CODE)
            .map(content -> new String(content, StandardCharsets.UTF_8).strip())
            .filter(content -> !content.isEmpty());
  }

  /**
   * How a job is by its status, which lags behind.
   *
   * @param purpose what the job is for
   */
  JobSeen status(URI url, String purpose) {
    try {
      Job job = site.job(url);
      if (job.status().isFinished()) {
        known.remove(url);
        return new JobSeen.Ended(job.status() == JobStatus.SUCCESSFUL, obituary(url, job, purpose));
      }
      known.put(url, job);
      return new JobSeen.Alive(job);
    } catch (JobNotFoundException e) {
      return new JobSeen.Ended(
          false,
          "the %s job %s is gone from site '%s'".formatted(purpose, shown(url), site.name()));
    }
  }

  /**
   * How one of many jobs is.
   *
   * @param isMissed whether its workers are gone, so that what its status says late is not enough
   * @param at now
   */
  JobSeen lookOrUnknown(URI url, String purpose, boolean isMissed, Instant at) {
    try {
      return isMissed ? unlessEnding(url, truth(url, purpose), purpose, at) : look(url, purpose);
    } catch (UnicoreException e) {
      if (e.isRetryable()) {
        return new JobSeen.Unknown(e);
      }
      throw e;
    }
  }

  /**
   * How a job is that may be somebody else's.
   *
   * @param at now
   */
  JobSeen lookIfOurs(URI url, String purpose, Instant at) {
    try {
      return unlessEnding(url, look(url, purpose), purpose, at);
    } catch (UnicoreException e) {
      if (e.status() != FORBIDDEN) {
        throw e;
      }
      // Throws if it is us whom the site refuses, and not the job.
      return new JobSeen.NotOurs(site.info().uid());
    }
  }

  /**
   * How a job is now, as its directory shows even where everybody says that it goes on.
   *
   * @param purpose what the job is for
   * @param at now
   */
  JobSeen evidence(URI url, String purpose, Instant at) {
    JobSeen seen = unlessEnding(url, truth(url, purpose), purpose, at);
    return seen instanceof JobSeen.Alive alive
        ? exitCode(alive.job(), purpose)
            .<JobSeen>map(code -> ended(url, alive.job(), code, purpose))
            .orElse(seen)
        : seen;
  }

  /**
   * A batch system may take minutes to clean up after a job of which nothing runs any more. It is
   * given a moment to say how it ended.
   */
  private JobSeen unlessEnding(URI url, JobSeen seen, String purpose, Instant at) {
    if (!(seen instanceof JobSeen.Alive alive)
        || alive.details().filter(said -> said.state() == BatchState.ENDING).isEmpty()) {
      ending.remove(url);
      return seen;
    }
    Instant since = ending.computeIfAbsent(url, first -> at);
    if (Duration.between(since, at).compareTo(TO_SAY_HOW) < 0) {
      return seen;
    }
    return exitCode(alive.job(), purpose)
        .map(code -> ended(url, alive.job(), code, purpose))
        .orElseGet(
            () ->
                new JobSeen.Ended(
                    false,
                    Obituary.of(purpose, shown(url), alive.details().get(), request)
                        + lastWords(alive.job(), purpose)));
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
    return text.append(lastWords(job, purpose)).toString();
  }

  private URI shown(URI url) {
    return site.resolve(url);
  }

  /** An allocation runs nothing that could say any. */
  private String lastWords(Job job, String purpose) {
    if (purpose.equals(AllocationJob.PURPOSE)) {
      return "";
    }
    String stderr = tailOf(job, JobFiles.of(request, purpose).stderr());
    return stderr.isBlank()
        ? ", without a word on stderr"
        : "\nThe end of its stderr:\n" + stderr.strip();
  }

  private String tailOf(Job job, String file) {
    if (job.workingDirectory() == null) {
      return "";
    }
    try {
      return site.tail(job.workingDirectory(), file, TAIL_BYTES).orElse("");
    } catch (UnicoreException e) {
      return "(could not be read: " + e.getMessage() + ")";
    }
  }
}
