package io.unicoredask.cluster;

import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.request.TimeLimit;
import io.unicoredask.cluster.request.TunnelKind;
import io.unicoredask.relay.RelayProgram;
import java.time.Duration;

/** Does without a relay that cannot be used, where it is left open how a cluster is reached. */
class RelayFallback {

  /**
   * A relay is there as soon as the scheduler is or, on a slow file system, soon after; one that
   * was killed is started again within seconds.
   */
  private static final Duration GRACE = Duration.ofSeconds(20);

  private RelayFallback() {}

  /**
   * What becomes of a cluster whose relay cannot be used now: it is noted since when, and in the
   * end it is reached directly.
   *
   * @param why why not, for its user
   */
  static Cluster of(Cluster cluster, ClusterRequest request, String why) {
    if (cluster.tunnel() == TunnelKind.DIRECT || request.tunnel() != TunnelKind.AUTO) {
      return cluster;
    }
    long now = System.currentTimeMillis();
    if (cluster.relayAwaitedSince() == null) {
      return cluster.withRelayAwaitedSince(now);
    }
    Duration grace = grace(request);
    if (now - cluster.relayAwaitedSince() < grace.toMillis()) {
      return cluster;
    }
    return cluster
        .with()
        .tunnel(TunnelKind.DIRECT)
        .relayAwaitedSince(null)
        .build()
        .warnedOf(
            "tunnel: direct, since no relay could be used for %d s (%s); its log is %s in the directory of the scheduler's job"
                .formatted(grace.toSeconds(), why, RelayProgram.LOG));
  }

  /** Time has to be left for reaching it directly. */
  private static Duration grace(ClusterRequest request) {
    Duration half = request.clocks().get(TimeLimit.CONNECTION).dividedBy(2);
    return half.compareTo(GRACE) < 0 ? half : GRACE;
  }
}
