package io.unicoredask.cluster.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unicoredask.cluster.site.RequestBudget;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may work for a site's clusters, and when. */
class SiteThreadsTest {

  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final SiteThreads threads =
      new SiteThreads("one", new RequestBudget(RequestBudget.DEFAULT_RATE * 500), clock);

  @AfterEach
  void stop() {
    goOn.countDown();
    threads.stop();
    clock.shutdownNow();
  }

  @Test
  void whatIsRoutineGetsHalfOfTheThreadsAndWhatIsUrgentGoesOnBesideIt() {
    AtomicInteger hanging = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    Runnable hangs =
        () -> {
          hanging.incrementAndGet();
          awaitAll(goOn);
          done.incrementAndGet();
        };
    IntStream.range(0, 20).forEach(number -> threads.routinely(hangs));
    await().until(() -> hanging.get() == 8);

    CountDownLatch urgent = new CountDownLatch(100);
    IntStream.range(0, 100).forEach(number -> threads.urgently(urgent::countDown));
    awaitAll(urgent);
    assertThat(hanging).hasValue(8);

    goOn.countDown();
    await().until(() -> done.get() == 20);
  }

  @Test
  void whatIsRoutineGetsNoMoreThanItsShareOfTheBudget() {
    RequestBudget budget = new RequestBudget(200);
    SiteThreads slow = new SiteThreads("slow", budget, clock);
    CountDownLatch done = new CountDownLatch(40);
    long begin = System.nanoTime();

    IntStream.range(0, 40).forEach(number -> slow.routinely(() -> requests(budget, 10, done)));
    awaitAll(done);

    // 400 requests, of which those of the last 8 pieces of work need not be paid for yet.
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isGreaterThan(Duration.ofMillis(320 * 1000 / 170 - 50));
    slow.stop();
  }

  @Test
  void aHangingSitesThreadsDoNotKeepAnotherSites() {
    IntStream.range(0, 100).forEach(number -> threads.urgently(() -> awaitAll(goOn)));
    SiteThreads others = new SiteThreads("other", new RequestBudget(20), clock);
    CountDownLatch done = new CountDownLatch(2);

    others.urgently(done::countDown);
    others.routinely(done::countDown);

    awaitAll(done);
    assertThat(others.stop()).isTrue();
  }

  @Test
  void aStopSaysWhetherSomethingIsStillDone() {
    CountDownLatch running = new CountDownLatch(1);
    threads.urgently(
        () -> {
          running.countDown();
          awaitThroughInterrupts(goOn);
        });
    awaitAll(running);
    assertThat(threads.stop(Duration.ofMillis(1))).isFalse();

    goOn.countDown();
    assertThat(threads.stop(Duration.ofSeconds(60))).isTrue();
  }

  @Test
  void severalAreDoneAtOnce() {
    CyclicBarrier all = new CyclicBarrier(2);

    assertThat(
            threads.inParallel(
                List.of(1, 2),
                number -> {
                  meet(all);
                  return List.of(number * 10);
                }))
        .containsExactly(10, 20);
  }

  @Test
  void workThatIsDoneInTheseThreadsMayBeSplit() {
    CountDownLatch done = new CountDownLatch(1);
    CyclicBarrier all = new CyclicBarrier(2);
    threads.urgently(
        () -> {
          threads.inParallel(
              List.of(1, 2),
              number -> {
                meet(all);
                return List.of();
              });
          done.countDown();
        });

    awaitAll(done);
  }

  private static void requests(RequestBudget budget, int count, CountDownLatch done) {
    try {
      for (int i = 0; i < count; i++) {
        budget.pass();
      }
      done.countDown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void meet(CyclicBarrier all) {
    try {
      all.await(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitThroughInterrupts(CountDownLatch latch) {
    boolean done = false;
    while (!done) {
      try {
        done = latch.await(60, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        // somebody wants it to stop
      }
    }
  }

  private static void awaitAll(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
