package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.ClusterException;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/** What came of an {@link Action}. */
sealed interface Result {

  /**
   * A job was submitted, or found to have been.
   *
   * @param purpose what for
   * @param job its URL
   * @param warning what is questionable about it
   */
  record Submitted(String purpose, URI job, Optional<String> warning) implements Result {}

  /** The site does not take a job, or what is asked for is not to be had there. */
  record Refused(String purpose, ClusterException reason) implements Result {}

  /** It could not be done now. */
  record Postponed(RuntimeException reason) implements Result {}

  /**
   * Worker jobs were ended.
   *
   * @param numbers their numbers
   * @param nothingLost whether their workers' data was moved, as far as there was any
   */
  record Retired(Set<Integer> numbers, boolean nothingLost) implements Result {}

  /**
   * Jobs were looked at that are to end.
   *
   * @param over those that are over
   * @param left how many are not
   * @param madeSure whether the site was asked, after all known ones were over, and knew of no
   *     other
   */
  record Ended(Set<URI> over, int left, boolean madeSure) implements Result {}
}
