package io.unicoredask.cluster.keeper;

import java.net.URI;
import java.util.Map;

/** Looks after one thing for as long as it is there. Its turns come one at a time. */
interface Keeper {

  /** What it looks after; no other keeper has this. */
  String id();

  /** The name of the site where that is. */
  String site();

  KeeperListener.Kind kind();

  /** What the log says of its turns, by the names of the log's context. */
  Map<String, String> logContext();

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
