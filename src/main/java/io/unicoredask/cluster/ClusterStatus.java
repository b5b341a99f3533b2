package io.unicoredask.cluster;

/** How a cluster is, for the one who asked for it. */
public enum ClusterStatus {
  /** It is being brought up. */
  PENDING,
  /** Its scheduler answers and the workers asked for have connected. */
  RUNNING,
  /** It is being torn down. */
  STOPPING,
  /** It is gone, as asked for. */
  STOPPED,
  /** It is gone because something went wrong. */
  FAILED
}
