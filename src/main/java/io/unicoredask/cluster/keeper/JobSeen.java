package io.unicoredask.cluster.keeper;

import io.unicoredask.unicore.Job;
import io.unicoredask.unicore.JobDetails;
import io.unicoredask.unicore.UnicoreException;
import java.util.Optional;

/** What a look at one job has shown. */
sealed interface JobSeen {

  /**
   * It is not over.
   *
   * @param job the job, its status that of the batch system where that says it
   * @param details what the batch system says; nothing if it was not asked, or does not say
   */
  record Alive(Job job, Optional<JobDetails> details) implements JobSeen {

    /** One whose batch system was not asked. */
    Alive(Job job) {
      this(job, Optional.empty());
    }
  }

  /**
   * It is over.
   *
   * @param well whether it ended of its own accord and without an error
   * @param obituary how it ended, for people
   */
  record Ended(boolean well, String obituary) implements JobSeen {}

  /**
   * It is somebody else's, and the site knows us.
   *
   * @param user who we are at the site
   */
  record NotOurs(String user) implements JobSeen {}

  /** The site did not say; one refused call of hundreds is no reason to know nothing. */
  record Unknown(UnicoreException reason) implements JobSeen {}
}
