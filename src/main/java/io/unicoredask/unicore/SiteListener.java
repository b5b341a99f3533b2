package io.unicoredask.unicore;

import java.time.Duration;

/** Is told how requests to a site go. Must be quick, and throws nothing. */
public interface SiteListener {

  /** Is told nothing. */
  SiteListener NONE = new SiteListener() {};

  /**
   * A request was made.
   *
   * @param call what was asked for, one of {@link UnicoreSites#calls()}
   * @param took how long it took until the answer was read, without the wait for its turn
   */
  default void requested(String call, Outcome outcome, Duration took) {}

  /** The site is left alone for a while, since it has not answered; or not any more. */
  default void pausing(boolean pausing) {}

  /** What became of a request. */
  enum Outcome {
    /** It was answered as it was meant to be. */
    SUCCESS,
    /** There is no such thing at the site, or not so much of it; often that is what was asked. */
    MISSING,
    /** It was refused otherwise (HTTP 4xx). */
    REFUSED,
    /** The site failed (HTTP 5xx), or its answer makes no sense. */
    FAILED,
    /** There was no answer. */
    NO_ANSWER;

    static Outcome of(int status) {
      if (status >= 500) {
        return FAILED;
      }
      if (status == 404 || status == 416) {
        return MISSING;
      }
      return status >= 400 ? REFUSED : SUCCESS;
    }
  }
}
