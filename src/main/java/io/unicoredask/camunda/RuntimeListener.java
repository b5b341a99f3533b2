package io.unicoredask.camunda;

import io.unicoredask.cluster.ClusterStatus;
import io.unicoredask.cluster.keeper.KeeperListener;
import io.unicoredask.cluster.keeper.Phase;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Is told what becomes of the clusters, and of the work for them, on this node. Must be quick, and
 * throws nothing.
 */
public interface RuntimeListener extends KeeperListener {

  /** Is told nothing. */
  RuntimeListener NONE =
      new RuntimeListener() {
        @Override
        public void stepped(String site, Kind kind, Duration took) {}

        @Override
        public void waited(String site, Phase phase, boolean completed, Duration took) {}

        @Override
        public void ended(String site, ClusterStatus status, String endedBy) {}

        @Override
        public void swept(Duration took) {}
      };

  /**
   * An activity waits no more, which is committed.
   *
   * @param completed whether what it waited for has come about; otherwise a timer, an error or
   *     somebody has ended it
   */
  void waited(String site, Phase phase, boolean completed, Duration took);

  /**
   * A cluster is torn down, which is committed.
   *
   * @param status {@code STOPPED} or {@code FAILED}
   * @param endedBy what has led to it, as the variable {@code endedBy} says it
   */
  void ended(String site, ClusterStatus status, String endedBy);

  /** What may lead to the end of a cluster, as {@link #ended} is told it, and to which status. */
  static Map<String, ClusterStatus> endings() {
    return Arrays.stream(EndedBy.values())
        .collect(Collectors.toMap(EndedBy::value, EndedBy::status));
  }

  /** The sites were searched for jobs that belong to no cluster. */
  void swept(Duration took);
}
