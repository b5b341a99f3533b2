package io.unicoredask.relay;

import io.unicoredask.relay.LaneAttempt.State;
import io.unicoredask.tunnel.SiteLink;
import java.util.List;
import java.util.stream.Stream;

/**
 * One attempt to reach a relay: its lanes are opened side by side, and joined when all of them are
 * open. All of it happens on the event loop.
 */
final class RelayAttempt {

  /** How it went; exactly one method is called, once. */
  interface Outcome {

    /**
     * The relay is there.
     *
     * @param up the lane to the relay
     * @param down the lane from the relay; the same if one leads both ways
     */
    void reached(State.Open up, State.Open down);

    /** There is no connection. */
    void failed(State.Failed why);

    /** The relay is there, but could be reached over one of the lanes only. */
    void failedInPart(State.Failed why);
  }

  private final List<LaneAttempt> lanes;
  private final Outcome outcome;
  private boolean over;

  private RelayAttempt(RelaySecret secret, String relay, List<Lane> lanes, Outcome outcome) {
    byte[] nonce = RelaySecret.nonce();
    this.outcome = outcome;
    this.lanes =
        lanes.stream()
            .map(lane -> new LaneAttempt(lane, secret, nonce, relay, this::look))
            .toList();
  }

  /**
   * Begins an attempt.
   *
   * @param relay its address, for messages
   */
  static void begin(
      SiteLink link, RelaySecret secret, String relay, List<Lane> lanes, Outcome outcome) {
    new RelayAttempt(secret, relay, lanes, outcome).lanes.forEach(link::connect);
  }

  private void look() {
    if (over || states(State.UnderWay.class).findAny().isPresent()) {
      return;
    }
    over = true;
    boolean isReached = states(State.Open.class).findAny().isPresent();
    // What the relay is not there for says more than what a site refuses.
    states(State.Failed.class)
        .min((one, other) -> Boolean.compare(other.isStrange(), one.isStrange()))
        .ifPresentOrElse(
            why -> {
              lanes.forEach(LaneAttempt::close);
              if (isReached) {
                outcome.failedInPart(why);
              } else {
                outcome.failed(why);
              }
            },
            () -> outcome.reached(open(Lane.UP), open(Lane.DOWN)));
  }

  private <T extends State> Stream<T> states(Class<T> type) {
    return lanes.stream().map(LaneAttempt::state).filter(type::isInstance).map(type::cast);
  }

  private State.Open open(Lane way) {
    return lanes.stream()
        .filter(lane -> lane.lane() == way || lane.lane() == Lane.BOTH)
        .map(lane -> (State.Open) lane.state())
        .findAny()
        .orElseThrow();
  }
}
