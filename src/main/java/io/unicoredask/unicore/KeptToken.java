package io.unicoredask.unicore;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a token that somebody issues, and has it renewed when three quarters of its life are over.
 * One caller does that; the others go on with the old one meanwhile, and so do all as long as it is
 * good, should it fail.
 */
final class KeptToken {

  private static final Logger LOG = LoggerFactory.getLogger(KeptToken.class);

  /** Between two attempts, and between two that a site's refusals lead to. */
  static final Duration PAUSE = Duration.ofSeconds(10);

  private final String what;
  private final Supplier<Issued> issuer;
  private final InstantSource clock;
  private final ReentrantLock renewing = new ReentrantLock();
  private volatile Kept kept;

  /**
   * What was issued.
   *
   * @param end when it expires
   */
  record Issued(String token, Instant end) {
    @Override
    public String toString() {
      return "a token until " + end;
    }
  }

  private record Kept(Issued issued, Instant since, Instant renewal) {}

  /**
   * @param what in the words of messages
   * @param issuer makes another each time
   */
  KeptToken(String what, Supplier<Issued> issuer, InstantSource clock) {
    this.what = what;
    this.issuer = issuer;
    this.clock = clock;
  }

  /** A token that is good, as far as is known. */
  String value() {
    Kept now = kept;
    Instant time = clock.instant();
    if (now == null || !time.isBefore(now.issued.end)) {
      return waitFor();
    }
    if (!time.isBefore(now.renewal) && renewing.tryLock()) {
      try {
        return renewed();
      } catch (CredentialException | UnicoreException e) {
        kept = new Kept(now.issued, now.since, time.plus(PAUSE));
        LOG.warn(
            "{} is good until {}, but is not renewed: {}", what, now.issued.end, e.getMessage());
      } finally {
        renewing.unlock();
      }
    }
    return now.issued.token;
  }

  private String waitFor() {
    renewing.lock();
    try {
      Kept now = kept;
      return now != null && clock.instant().isBefore(now.issued.end) ? now.issued.token : renewed();
    } finally {
      renewing.unlock();
    }
  }

  private String renewed() {
    Instant begin = clock.instant();
    Issued issued = issuer.get();
    Duration life = Duration.between(begin, issued.end);
    kept = new Kept(issued, begin, begin.plus(life.multipliedBy(3).dividedBy(4)));
    return issued.token;
  }

  /** Forgets it, unless it is so new that another would be refused as well. */
  boolean forget() {
    Kept now = kept;
    if (now == null || clock.instant().isBefore(now.since.plus(PAUSE))) {
      return false;
    }
    kept = null;
    return true;
  }
}
