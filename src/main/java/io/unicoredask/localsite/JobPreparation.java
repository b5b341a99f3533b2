package io.unicoredask.localsite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Makes a new job ready: its directory, what its description says, and its imports. */
final class JobPreparation {

  private static final FileAttribute<?> OWNER_AND_GROUP =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---"));

  private final LocalSiteSettings settings;
  private final Executor thread;
  private final BiConsumer<Job, String> fail;
  private final Staging staging = new Staging();

  /**
   * @param thread where all happens to jobs
   * @param fail ends a job with a message
   */
  JobPreparation(LocalSiteSettings settings, Executor thread, BiConsumer<Job, String> fail) {
    this.settings = settings;
    this.thread = thread;
    this.fail = fail;
  }

  /**
   * Begins with a job.
   *
   * @param next what happens to it when it is ready
   */
  void begin(Job job, Consumer<Job> next) {
    try {
      Files.createDirectories(job.directory, OWNER_AND_GROUP);
      job.log("Created job directory <" + job.directory + "/>");
      if (job.submitted.isEmpty()) {
        job.log("Empty job description, nothing to do.");
        job.succeeded();
        return;
      }
      JobDescription description = JobDescription.parse(job.submitted, settings.applications());
      job.description(description);
      Files.setPosixFilePermissions(job.directory, permitted(description.umask()));
      staging
          .in(job, description.imports())
          .whenComplete((all, error) -> thread.execute(() -> staged(job, error, next)));
    } catch (JobRefusedException | IOException | RuntimeException e) {
      job.log("ERROR: " + e.getMessage());
      fail.accept(job, JobProcessing.REFUSED + e.getMessage());
    }
  }

  /** The permissions of a directory that is made under a umask. */
  private static Set<PosixFilePermission> permitted(String umask) {
    int bits = Integer.parseInt(umask, 8);
    PosixFilePermission[] all = PosixFilePermission.values();
    return IntStream.range(0, all.length)
        .filter(i -> (bits >> (all.length - 1 - i) & 1) == 0)
        .mapToObj(i -> all[i])
        .collect(Collectors.toSet());
  }

  private void staged(Job job, Throwable error, Consumer<Job> next) {
    if (job.isFinished()) {
      return;
    }
    if (error != null) {
      job.log("ERROR: " + error);
      fail.accept(job, "Staging in failed. Reason: " + error.getMessage());
      return;
    }
    job.ready();
    next.accept(job);
  }
}
