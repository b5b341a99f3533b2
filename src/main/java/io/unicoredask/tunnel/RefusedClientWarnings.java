package io.unicoredask.tunnel;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Warnings of clients that are not served: the first at once, then at most one a minute, which says
 * how many there were. Anybody who reaches a local port can cause them.
 */
final class RefusedClientWarnings {

  private static final long PAUSE = Duration.ofMinutes(1).toNanos();

  private final Logger log;
  private final LongSupplier nanoTime;
  private long said;
  private boolean any;
  private int since;

  RefusedClientWarnings(Logger log, LongSupplier nanoTime) {
    this.log = log;
    this.nanoTime = nanoTime;
  }

  synchronized void say(String text) {
    long now = nanoTime.getAsLong();
    if (any && now - said < PAUSE) {
      since++;
      log.debug(text);
      return;
    }
    if (since > 0) {
      log.warn("{} (and {} more since the last warning)", text, since);
    } else {
      log.warn(text);
    }
    any = true;
    said = now;
    since = 0;
  }
}
