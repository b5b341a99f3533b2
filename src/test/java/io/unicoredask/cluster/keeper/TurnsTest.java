package io.unicoredask.cluster.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

import io.unicoredask.cluster.site.RequestBudget;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a keeper has its turns. */
class TurnsTest {

  private static final URI JOB = URI.create("jobs/1");
  private static final Next IN_AN_HOUR = Next.in(Duration.ofHours(1), false);

  private final Clock clock = new Clock();
  private final SiteThreads threads =
      new SiteThreads("turns", new RequestBudget(10_000), new ScheduledThreadPoolExecutor(1));
  private final List<String> over = new CopyOnWriteArrayList<>();
  private final AtomicInteger turns = new AtomicInteger();

  @AfterEach
  void stop() {
    threads.stop();
    clock.shutdownNow();
  }

  @Test
  void oneTurnIsHadAtATime() {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Turns of =
        turns(
            () -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              Thread.yield();
              now.decrementAndGet();
              return IN_AN_HOUR;
            });

    IntStream.range(0, 2000).parallel().forEach(number -> of.wake());

    await().until(() -> now.get() == 0 && turns.get() > 0);
    assertThat(most).hasValue(1);
  }

  @Test
  void wokenWhileItRunsItComesAgain() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Turns of =
        turns(
            () -> {
              running.countDown();
              awaitAll(goOn);
              return IN_AN_HOUR;
            });

    of.wake();
    awaitAll(running);
    of.wake();
    of.wake();
    assertThat(turns).hasValue(1);
    goOn.countDown();

    clock.scheduled.take();
    assertThat(turns).as("however often it was woken").hasValue(2);
    assertThat(clock.scheduled).isEmpty();
  }

  @Test
  void theNextTurnComesWhenTheKeeperSays() throws InterruptedException {
    turns(() -> IN_AN_HOUR).wake();

    clock.scheduled.take().run();
    clock.scheduled.take();
    assertThat(turns).hasValue(2);
    assertThat(clock.pauses).containsExactly(3_600_000L, 3_600_000L);
  }

  @Test
  void whatWasScheduledBeforeAWakeUpDoesNotCount() {
    Turns of = turns(() -> IN_AN_HOUR, new AtOnce());
    of.wake();
    Runnable before = clock.scheduled.remove();
    of.wake();
    Runnable after = clock.scheduled.remove();

    before.run();
    assertThat(turns).hasValue(2);
    after.run();
    assertThat(turns).hasValue(3);
  }

  @Test
  void aHintBringsTheNextTurnForwardAndWhatWasScheduledComesNoMore() {
    AtOnce site = new AtOnce();
    Turns of = turns(() -> IN_AN_HOUR, site);
    of.wake();
    Runnable scheduled = clock.scheduled.remove();

    of.hint("hpc", JOB);
    site.doRoutine();
    assertThat(turns).hasValue(2);
    scheduled.run();
    assertThat(turns).as("it has been brought forward").hasValue(2);
    clock.scheduled.remove().run();
    assertThat(turns).hasValue(3);
  }

  @Test
  void whatIsUrgentDoesNotWaitForWhatAHintMadeRoutine() {
    AtOnce site = new AtOnce();
    Turns of = turns(() -> IN_AN_HOUR, site);
    of.wake();
    Runnable scheduled = clock.scheduled.remove();
    of.hint("hpc", JOB);

    scheduled.run();
    assertThat(turns).as("an urgent turn that comes by itself").hasValue(2);
    of.hint("hpc", JOB);
    of.wake();
    assertThat(turns).as("and being woken").hasValue(3);
    site.doRoutine();
    assertThat(turns).as("have done what the hints were for").hasValue(3);
  }

  @Test
  void manyHintsAreOneTurn() {
    AtOnce site = new AtOnce();
    Turns of = turns(() -> IN_AN_HOUR, site);
    of.wake();
    for (int i = 0; i < 100; i++) {
      of.hint("hpc", JOB);
    }

    assertThat(site.routine).hasSize(1);
    site.doRoutine();
    assertThat(turns).hasValue(2);
    of.hint("hpc", JOB);
    site.doRoutine();
    assertThat(turns).hasValue(3);
  }

  @Test
  void aHintWhileItRunsBringsOneMoreTurn() {
    AtOnce site = new AtOnce();
    Turns[] of = new Turns[1];
    of[0] =
        turns(
            () -> {
              if (turns.get() == 1) {
                of[0].hint("hpc", JOB);
                of[0].hint("hpc", JOB);
              }
              return IN_AN_HOUR;
            },
            site);

    of[0].wake();
    assertThat(turns).hasValue(1);
    assertThat(site.routine).hasSize(1);
    site.doRoutine();
    assertThat(turns).hasValue(2);
    assertThat(site.routine).isEmpty();
  }

  @Test
  void aHintAtAJobThatIsNotItsOwnBringsNothing() {
    AtOnce site = new AtOnce();
    Turns of = turns(() -> IN_AN_HOUR, site);
    of.wake();

    of.hint("hpc", URI.create("jobs/2"));
    of.hint("another", JOB);

    assertThat(site.routine).isEmpty();
  }

  @Test
  void whatIsOverHasNoTurnForAHintEither() {
    AtOnce site = new AtOnce();
    Turns of = turns(() -> turns.get() == 1 ? IN_AN_HOUR : Next.NEVER, site);
    of.wake();
    of.hint("hpc", JOB);
    clock.scheduled.remove().run();
    of.hint("hpc", JOB);
    site.doRoutine();

    assertThat(turns).hasValue(2);
    assertThat(over).containsExactly("keeper");
  }

  @Test
  void whatHasWaitedBeforeBeginsWithARoutineTurn() {
    AtOnce in = new AtOnce();
    turns(() -> IN_AN_HOUR, in).begin(true);
    assertThat(in.routine).hasSize(1);
    in.doRoutine();
    assertThat(turns).hasValue(1);

    turns(() -> IN_AN_HOUR, in).begin(false);
    assertThat(in.routine).isEmpty();
    assertThat(turns).hasValue(2);
  }

  @Test
  void aTurnIsAsUrgentAsItsKeeperSays() {
    AtOnce in = new AtOnce();
    turns(() -> Next.in(Duration.ofHours(1), true), in).wake();
    assertThat(in.routine).isEmpty();

    clock.scheduled.remove().run();
    assertThat(in.routine).hasSize(1);
    in.doRoutine();
    assertThat(turns).hasValue(2);
  }

  @Test
  void whatIsOverHasNoTurnAnyMore() {
    turns(() -> Next.NEVER).wake();

    await().until(() -> over.equals(List.of("keeper")));
    assertThat(clock.scheduled).isEmpty();
  }

  @Test
  void atTheEndNobodyIsWoken() {
    Turns of = turns(() -> IN_AN_HOUR);
    threads.stop();

    assertThatNoException().isThrownBy(of::wake);
    assertThat(turns).hasValue(0);
  }

  private Turns turns(Supplier<Next> turn) {
    return turns(turn, threads);
  }

  private Turns turns(Supplier<Next> turn, SiteThreads in) {
    Keeper keeper =
        new TurningKeeper(
            KeeperListener.Kind.CLUSTER,
            Map.of(),
            JOB,
            () -> {
              turns.incrementAndGet();
              return turn.get();
            });
    return new Turns(keeper, new Steps(KeeperListener.NONE), in, clock, over::add);
  }

  private static void awaitAll(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Does what is urgent before it returns, and what is routine when the test says so. */
  private final class AtOnce extends SiteThreads {

    final Queue<Runnable> routine = new ArrayDeque<>();

    AtOnce() {
      super("at-once", new RequestBudget(10_000), clock);
    }

    @Override
    void urgently(Runnable work) {
      work.run();
    }

    @Override
    void routinely(Runnable work) {
      routine.add(work);
    }

    void doRoutine() {
      while (!routine.isEmpty()) {
        routine.remove().run();
      }
    }
  }

  /** A clock on which it is the test's business what comes when. */
  private static final class Clock extends ScheduledThreadPoolExecutor {

    final BlockingQueue<Runnable> scheduled = new LinkedBlockingQueue<>();
    final List<Long> pauses = new CopyOnWriteArrayList<>();

    Clock() {
      super(1);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable work, long pause, TimeUnit unit) {
      pauses.add(unit.toMillis(pause));
      scheduled.add(work);
      return null;
    }
  }
}
