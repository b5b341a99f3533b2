package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.LogContext;
import java.time.Duration;

/** Gives a keeper its turn such that the log says what it is about, and somebody hears of it. */
record Steps(KeeperListener listener) {

  Next of(Keeper keeper) {
    long begin = System.nanoTime();
    try (LogContext log = LogContext.of(keeper.logContext())) {
      return keeper.turn();
    } finally {
      listener.stepped(keeper.site(), keeper.kind(), Duration.ofNanos(System.nanoTime() - begin));
    }
  }
}
