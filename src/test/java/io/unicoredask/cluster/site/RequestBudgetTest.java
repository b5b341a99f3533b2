package io.unicoredask.cluster.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.unicoredask.unicore.SiteListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestBudgetTest {

  private static final int RATE = 10;
  private static final long INTERVAL = Duration.ofMillis(100).toNanos();
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final AtomicLong clock = new AtomicLong();
  private final RequestBudget budget = new RequestBudget(RATE, clock::get);
  private final List<String> passed = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  @AfterEach
  void endThreads() {
    threads.forEach(Thread::interrupt);
  }

  @Test
  void aSecondsWorthPassesAtOnceAndTheNextWaitsForItsTurn() throws InterruptedException {
    useUp();
    Thread next = caller("next", Supplier::get);

    clock.addAndGet(INTERVAL - 1);
    assertThat(next.isAlive()).isTrue();
    assertThat(passed).isEmpty();

    clock.addAndGet(1);
    await().atMost(LIMIT).until(() -> passed.contains("next"));
  }

  @Test
  void afterAnIdleHourNoMoreThanASecondsWorthPasses() throws InterruptedException {
    useUp();
    clock.addAndGet(Duration.ofHours(1).toNanos());
    useUp();
    caller("one too many", Supplier::get);
    assertThat(passed).isEmpty();
  }

  @Test
  void noMorePassThanTheRateSays() throws InterruptedException {
    long start = System.nanoTime();
    RequestBudget real = new RequestBudget(50);
    for (int i = 0; i < 75; i++) {
      real.pass();
    }
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(Duration.ofMillis(500).toNanos());
  }

  @Test
  void urgentRequestsGoBeforeRoutineOnesAndEachKindInItsOrder() throws InterruptedException {
    useUp();
    caller("routine 1", budget::routinely);
    caller("routine 2", budget::routinely);
    caller("urgent 1", budget::urgently);
    caller("by default urgent", Supplier::get);

    for (int turn = 1; turn <= 4; turn++) {
      int passes = turn;
      clock.addAndGet(INTERVAL);
      await().atMost(LIMIT).until(() -> passed.size() == passes);
    }

    assertThat(passed).containsExactly("urgent 1", "by default urgent", "routine 1", "routine 2");
  }

  @Test
  void howManyWaitIsKnown() throws InterruptedException {
    assertThat(budget.perSecond()).isEqualTo(RATE);
    assertThat(budget.waiting(false)).isZero();
    useUp();
    caller("routine 1", budget::routinely);
    caller("routine 2", budget::routinely);
    caller("urgent", budget::urgently);
    assertThat(budget.waiting(true)).isEqualTo(2);
    assertThat(budget.waiting(false)).isEqualTo(1);

    clock.addAndGet(INTERVAL);
    await().atMost(LIMIT).until(() -> budget.waiting(false) == 0);
    assertThat(budget.waiting(true)).isEqualTo(2);
  }

  @Test
  void whoListensHearsOfTheRequestsThatItLetsPass() {
    List<String> heard = new ArrayList<>();
    budget.pausing(true);
    budget.listen(
        new SiteListener() {
          @Override
          public void requested(String call, Outcome outcome, Duration took) {
            heard.add(call + " " + outcome + " " + took);
          }
        });
    budget.requested("job", SiteListener.Outcome.SUCCESS, Duration.ofMillis(70));

    assertThat(heard).containsExactly("job SUCCESS PT0.07S");
    assertThat(budget.isPausing()).as("also if it began before").isTrue();
    budget.pausing(false);
    assertThat(budget.isPausing()).isFalse();
  }

  @Test
  void whoeverIsInterruptedGivesUpItsPlaceToTheNext() throws InterruptedException {
    useUp();
    Thread first = caller("first", Supplier::get);
    caller("second", Supplier::get);

    first.interrupt();
    await().atMost(LIMIT).until(() -> passed.contains("first interrupted"));
    clock.addAndGet(INTERVAL);

    await().atMost(LIMIT).until(() -> passed.contains("second"));
  }

  @Test
  void workThatIsUrgentWithinRoutineWorkIsSoNoLonger() {
    budget.routinely(
        () -> {
          budget.urgently(() -> null);
          return caller("still routine", Supplier::get);
        });
    await().atMost(LIMIT).until(() -> passed.contains("still routine"));
  }

  @Test
  void eachThreadKnowsHowManyRequestsItHasMade() throws InterruptedException {
    long before = budget.requestsOfThisThread();
    budget.pass();
    budget.pass();
    caller("another thread", Supplier::get);
    await().atMost(LIMIT).until(() -> passed.contains("another thread"));
    assertThat(budget.requestsOfThisThread() - before).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 10_001})
  void aRateThatIsNoneIsRefused(int rate) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RequestBudget(rate))
        .withMessage(
            "max-requests-per-second = %d; allowed is a whole number from 1 to 10000", rate);
  }

  private void useUp() throws InterruptedException {
    for (int i = 0; i < RATE; i++) {
      budget.pass();
    }
  }

  /** A thread that asks for one request; it waits, or has passed, when this returns. */
  private Thread caller(String name, Consumer<Supplier<Object>> kind) {
    Thread caller = new Thread(() -> kind.accept(() -> pass(name)));
    threads.add(caller);
    caller.start();
    await()
        .atMost(LIMIT)
        .until(
            () ->
                switch (caller.getState()) {
                  case WAITING, TIMED_WAITING, TERMINATED -> true;
                  default -> false;
                });
    return caller;
  }

  private Object pass(String name) {
    try {
      budget.pass();
      passed.add(name);
    } catch (InterruptedException e) {
      passed.add(name + " interrupted");
    }
    return null;
  }
}
