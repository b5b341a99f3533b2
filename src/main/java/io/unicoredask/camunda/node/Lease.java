package io.unicoredask.camunda.node;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.core.SimpleLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lock that one node of the engine has, and keeps for as long as it renews it. Whoever has not
 * renewed it in time has it no more, whether he knows it or not. Renewed by one thread at a time.
 */
class Lease {

  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

  private final LockProvider locks;
  private final String name;
  private final Duration length;
  private SimpleLock lock;
  private volatile long heldUntil = System.nanoTime();

  Lease(LockProvider locks, String name, Duration length) {
    this.locks = locks;
    this.name = name;
    this.length = length;
  }

  /** Whether this node surely has it now. */
  boolean isHeld() {
    return System.nanoTime() - heldUntil < 0;
  }

  /** Renews it, or takes it if nobody has it; must be called several times in its length. */
  void renew() {
    long now = System.nanoTime();
    try {
      Optional<SimpleLock> renewed =
          lock == null ? take(length) : lock.extend(length, Duration.ZERO).or(() -> take(length));
      lock = renewed.orElse(null);
      heldUntil = lock == null ? now : now + length.toNanos();
    } catch (RuntimeException e) {
      LOG.warn("Could not renew '{}' in the engine's database; trying again", name, e);
    }
  }

  /** Whether nobody has it; then nobody can have it for a moment. */
  boolean isFree() {
    Optional<SimpleLock> taken = take(length);
    taken.ifPresent(SimpleLock::unlock);
    return taken.isPresent();
  }

  /** Lets another node have it at once. */
  void release() {
    heldUntil = System.nanoTime();
    if (lock != null) {
      try {
        lock.unlock();
      } catch (RuntimeException e) {
        LOG.warn("Could not release '{}'; it is free in {}", name, length, e);
      }
      lock = null;
    }
  }

  private Optional<SimpleLock> take(Duration atMost) {
    return locks.lock(new LockConfiguration(Instant.now(), name, atMost, Duration.ZERO));
  }
}
