package io.unicoredask.localsite;

/** What can go wrong with one request on its way to a site, at the site, and on the way back. */
public enum Disturbance {
  /** Nothing: the site does what it is asked to, and answers. */
  NONE,
  /** The connection ends before the site has done anything. */
  REFUSED,
  /** The site does nothing and answers nothing, until the client gives up. */
  HANGING,
  /** The site does nothing and answers 500. */
  ERROR,
  /** The Gateway answers 503, as it does when the site behind it is away. */
  UNAVAILABLE,
  /** The site does what it is asked to, and the connection ends before the answer. */
  ANSWER_LOST,
  /** The site does what it is asked to, and the connection ends in the middle of the answer. */
  ANSWER_CUT
}
