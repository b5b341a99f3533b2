package io.unicoredask.cluster.keeper;

import java.util.List;

/** Something to be done at the site or to the local ports. Each may be done again. */
sealed interface Action {

  /** Whether something changes at the site. */
  default boolean isAtTheSite() {
    return true;
  }

  /** Submits the job that this is the purpose of, once; it is on record as wanted. */
  record Submit(String purpose) implements Action {}

  /** Lets the scheduler move the data of these jobs' workers to others, and ends the jobs. */
  record Retire(List<WorkerJob> jobs) implements Action {}

  /**
   * Ends jobs, and sees whether they are over.
   *
   * @param alsoUnknown whether those count as well that only the site knows of, and an allocation
   */
  record End(boolean alsoUnknown) implements Action {}

  /** Closes the local ports. */
  record ClosePorts() implements Action {

    @Override
    public boolean isAtTheSite() {
      return false;
    }
  }
}
