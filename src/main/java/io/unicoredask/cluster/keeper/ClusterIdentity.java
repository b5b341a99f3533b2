package io.unicoredask.cluster.keeper;

/** Whose account at its site a cluster has. */
public enum ClusterIdentity {
  /** The site's own, as all others have that share it. */
  SHARED,
  /** That of who started it. */
  INITIATOR
}
