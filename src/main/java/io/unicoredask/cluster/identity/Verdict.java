package io.unicoredask.cluster.identity;

import java.time.Instant;

/** Whether an engine may act at a site. */
public sealed interface Verdict {

  /** Why, for people: where it may not, cause and remedy, then the site. */
  String words();

  /** It may. */
  record Act(String words) implements Verdict {}

  /**
   * It may later, unless somebody objects until then.
   *
   * @param until when it is looked again
   */
  record Wait(Instant until, String words) implements Verdict {}

  /** It may not until its operator says that it may. */
  record HandsOff(String words) implements Verdict {}
}
