package io.unicoredask.camunda;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Keeps many clusters from coming back to a site at the same moment, as after an outage. */
class Jitter {

  private static final double SPREAD = 0.2;

  private Jitter() {}

  /** A time up to a fifth shorter or longer. */
  static Duration spread(Duration time) {
    double share = ThreadLocalRandom.current().nextDouble(1 - SPREAD, 1 + SPREAD);
    return Duration.ofMillis(Math.round(time.toMillis() * share));
  }
}
