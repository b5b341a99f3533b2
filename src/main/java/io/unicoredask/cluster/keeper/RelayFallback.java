package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.request.TimeLimit;
import io.unicoredask.cluster.request.TunnelKind;
import io.unicoredask.relay.RelayProgram;
import java.time.Duration;
import java.time.Instant;

/** Does without a relay that cannot be used, where it is left open how a cluster is reached. */
final class RelayFallback {

  /**
   * A relay is there as soon as the scheduler is or, on a slow file system, soon after; one that
   * was killed is started again within seconds.
   */
  private static final Duration GRACE = Duration.ofSeconds(20);

  private RelayFallback() {}

  /**
   * Whether the scheduler may still be there though its relay is not. A relay that says goodbye is
   * believed, unless the batch system knows better.
   */
  static boolean isPossible(WorkersSeen.Silent silent, Observation seen) {
    boolean jobGoesOn =
        seen.scheduler().orElse(null) instanceof JobSeen.Alive job && job.details().isPresent();
    return silent.relayGone() && (!silent.goodbye() || jobGoesOn);
  }

  /**
   * What becomes of a cluster whose relay cannot be used now: it is noted since when, and in the
   * end it is reached directly.
   *
   * @param why why not, for its user
   * @return whether anything became of it
   */
  static boolean consider(Decision decision, String why, Instant now) {
    ClusterRequest request = decision.demand().request();
    if (decision.cluster().tunnel() == TunnelKind.DIRECT || request.tunnel() != TunnelKind.AUTO) {
      return false;
    }
    Instant since = decision.recollection().relayMissingSince();
    if (since == null) {
      decision.remember(memory -> memory.withRelayMissingSince(now));
      return true;
    }
    Duration grace = grace(request);
    if (Duration.between(since, now).compareTo(grace) < 0) {
      return false;
    }
    decision.remember(memory -> memory.withRelayMissingSince(null));
    decision.change(
        cluster ->
            cluster
                .withTunnel(TunnelKind.DIRECT)
                .warnedOf(
                    "tunnel: direct, since no relay could be used for %d s (%s); its log is %s in the directory of the scheduler's job"
                        .formatted(grace.toSeconds(), why, RelayProgram.LOG)));
    return true;
  }

  /** Time has to be left for reaching it directly. */
  private static Duration grace(ClusterRequest request) {
    Duration half = request.clocks().get(TimeLimit.CONNECTION).dividedBy(2);
    return half.compareTo(GRACE) < 0 ? half : GRACE;
  }
}
