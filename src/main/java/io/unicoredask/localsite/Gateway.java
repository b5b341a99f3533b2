package io.unicoredask.localsite;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Does to requests and forwarded connections what the settings say that a Gateway does. */
final class Gateway {

  private final GatewayFaults faults;
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong held = new AtomicLong();
  private long free = System.nanoTime();

  Gateway(GatewayFaults faults) {
    this.faults = faults;
  }

  /** Counts a request, and answers it where it is that one's turn. */
  void requireAvailable(String url) {
    if (faults.unavailableOneIn() > 0
        && requests.incrementAndGet() % faults.unavailableOneIn() == 0) {
      throw new HttpProblem(
          Answer.of(
                  503,
                  "application/json",
                  Json.bytes(
                      Json.object()
                          .put("message", "Could not perform request: the site is busy")
                          .put("url", url)
                          .put("status", "503")))
              .outsideSession());
    }
  }

  /** How many answers it has held back. */
  long heldAnswers() {
    return held.get();
  }

  /** How long the next forwarded connection has to wait for its turn, and then takes. */
  synchronized long connectingMillis() {
    long now = System.nanoTime();
    free = Math.max(free, now) + faults.connecting().toNanos();
    return TimeUnit.NANOSECONDS.toMillis(free - now);
  }

  /** Makes a service's connection one whose bytes go to a client. */
  void join(ChannelPipeline service, Channel client) {
    if (faults.losesGreeting()) {
      service.addLast(new LostGreeting());
    }
    if (faults.holdsOneIn() > 0) {
      service.addLast(new HeldAnswers(faults.holdsOneIn(), held::incrementAndGet));
    }
    service.addLast(forwarderTo(client));
  }

  ByteForwarder forwarderTo(Channel other) {
    return new ByteForwarder(other, faults.closesBothWays());
  }
}
