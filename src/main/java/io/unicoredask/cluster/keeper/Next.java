package io.unicoredask.cluster.keeper;

import java.time.Duration;
import java.util.Optional;

/**
 * When a keeper's next turn comes.
 *
 * @param pause how long from now; nothing if there is no more to look after
 * @param routine whether it may wait for what people wait for
 */
record Next(Optional<Duration> pause, boolean routine) {

  static final Next NEVER = new Next(Optional.empty(), true);

  /** At once, before all that is routine. */
  static final Next NOW = new Next(Optional.of(Duration.ZERO), false);

  static Next in(Duration pause, boolean routine) {
    return new Next(Optional.of(pause), routine);
  }
}
