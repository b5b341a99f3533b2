package io.unicoredask.cluster.keeper;

import java.time.Duration;

/** Is told how the keepers get on. Must be quick, and throws nothing. */
public interface KeeperListener {

  /** Is told nothing. */
  KeeperListener NONE = (site, kind, took) -> {};

  /** What a keeper looks after. */
  enum Kind {
    /** The life of a cluster. */
    CLUSTER,
    /** A script. */
    SCRIPT,
    /** The reading of logs. */
    LOGS
  }

  /** A keeper has looked, decided and acted. */
  void stepped(String site, Kind kind, Duration took);
}
