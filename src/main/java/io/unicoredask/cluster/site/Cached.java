package io.unicoredask.cluster.site;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A value that is dear to look up, kept for a while. Whoever asks while it is being looked up waits
 * for that look-up instead of starting another.
 *
 * @param <T> the kind of value; never null
 */
public final class Cached<T> {

  private final Supplier<T> lookUp;
  private final Function<T, Duration> keep;
  private volatile T value;
  private long until;

  /**
   * @param lookUp finds the value; what it throws is thrown on, and not remembered
   * @param keep how long a value that was found stands, zero or more
   */
  public Cached(Supplier<T> lookUp, Function<T, Duration> keep) {
    this.lookUp = lookUp;
    this.keep = keep;
  }

  /** The value, looked up if it is not known or no longer stands. */
  public synchronized T get() {
    return value == null || System.nanoTime() - until >= 0 ? newer(value) : value;
  }

  /** The value that was found last, however old; looks nothing up, and waits for no look-up. */
  public Optional<T> last() {
    return Optional.ofNullable(value);
  }

  /** Takes a value that was found in another way. */
  public synchronized void put(T found) {
    value = found;
    until = System.nanoTime() + keep.apply(found).toNanos();
  }

  /** A value that is newer than this one, which was got before. */
  public synchronized T newer(T than) {
    if (value == than) {
      put(lookUp.get());
    }
    return value;
  }
}
