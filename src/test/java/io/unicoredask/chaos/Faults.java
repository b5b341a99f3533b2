package io.unicoredask.chaos;

import io.unicoredask.localsite.Disturbance;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Has one of so many requests to the site go wrong, each in one of all ways. */
class Faults implements Supplier<Disturbance> {

  private static final List<Disturbance> KINDS =
      Stream.of(Disturbance.values()).filter(kind -> kind != Disturbance.NONE).toList();

  private final Random random;
  private final double share;
  private final AtomicInteger count = new AtomicInteger();
  private volatile boolean over;

  Faults(long seed, double share) {
    this.random = new Random(seed);
    this.share = share;
  }

  @Override
  public synchronized Disturbance get() {
    if (over || random.nextDouble() >= share) {
      return Disturbance.NONE;
    }
    count.incrementAndGet();
    return KINDS.get(random.nextInt(KINDS.size()));
  }

  int count() {
    return count.get();
  }

  void end() {
    over = true;
  }
}
