package io.unicoredask.cluster.keeper;

import java.net.URI;

/** Looks after one thing for as long as it is there. Its turns come one at a time. */
interface Keeper {

  /** What it looks after; no other keeper has this. */
  String id();

  /**
   * Is told that something may have become of a job at a site.
   *
   * @return whether the job is one that it looks after
   */
  default boolean hints(String site, URI job) {
    return false;
  }

  /** Does what is to be done now, and says when to come back. Throws nothing. */
  Next turn();
}
