package io.unicoredask.unicore;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Whether a site hands through what its batch system says. One that refuses for several jobs in a
 * row is not asked again for each of them, but tried now and then.
 */
final class DetailsSupport {

  /** A single job may be on a login node, or forgotten by the batch system. */
  private static final int ENOUGH = 5;

  private static final Duration PAUSE = Duration.ofMinutes(10);

  private final LongSupplier nanos;
  private int refusals;
  private long last;

  /**
   * @param nanos the time in nanoseconds
   */
  DetailsSupport(LongSupplier nanos) {
    this.nanos = nanos;
  }

  synchronized boolean isWorthAsking() {
    return refusals < ENOUGH || nanos.getAsLong() - last > PAUSE.toNanos();
  }

  synchronized void answered() {
    refusals = 0;
  }

  synchronized void refused() {
    refusals++;
    last = nanos.getAsLong();
  }
}
