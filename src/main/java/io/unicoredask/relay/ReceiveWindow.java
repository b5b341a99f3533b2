package io.unicoredask.relay;

import java.util.concurrent.TimeUnit;

/**
 * How much the far end may still send on a stream. The window is small at first, since that is what
 * a client that reads nothing costs in memory, and grows where it is used up quickly.
 */
final class ReceiveWindow {

  static final int LARGEST = 8 * 1024 * 1024;

  private static final long QUICK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** By how much the windows of a connection may grow together. */
  static final class Growth {
    private long left = 64L * 1024 * 1024;

    private boolean take(int bytes) {
      if (left < bytes) {
        return false;
      }
      left -= bytes;
      return true;
    }
  }

  private final Growth growth;
  private int size = Frame.FIRST_WINDOW;
  private long left = Frame.FIRST_WINDOW;
  private int consumed;
  private long lastUpdate = System.nanoTime();

  ReceiveWindow(Growth growth) {
    this.growth = growth;
  }

  /** Bytes came; false if more than were allowed. */
  boolean receive(int bytes) {
    left -= bytes;
    return left >= 0;
  }

  /**
   * Bytes were passed on.
   *
   * @return by how much to enlarge the far end's window now; mostly 0
   */
  int consume(int bytes) {
    consumed += bytes;
    if (consumed * 2 < size) {
      return 0;
    }
    long now = System.nanoTime();
    int more = consumed;
    if (now - lastUpdate < QUICK_NANOS && size * 2 <= LARGEST && growth.take(size)) {
      more += size;
      size *= 2;
    }
    lastUpdate = now;
    consumed = 0;
    left += more;
    return more;
  }

  /** The stream is over. */
  void giveBack() {
    growth.left += size - Frame.FIRST_WINDOW;
    size = Frame.FIRST_WINDOW;
  }
}
