package io.unicoredask.camunda;

import io.unicoredask.cluster.ClusterStatus;

/**
 * Which clusters are looked for, and which of those are shown. Null is any.
 *
 * @param state whether they live
 * @param site the name of their site
 * @param user who has started them
 * @param status how they are
 * @param name what their name has in it, in small letters or capitals
 * @param firstResult how many are left out, newest first; 0 or more
 * @param maxResults how many are shown at the most; 1 or more
 */
public record ClusterFilter(
    State state,
    String site,
    String user,
    ClusterStatus status,
    String name,
    int firstResult,
    int maxResults) {

  /** Whether a cluster lives. */
  public enum State {
    /** Something of it may be left at the site. */
    LIVING,
    /** Nothing is. */
    OVER,
    /** Whether or not. */
    ALL
  }
}
