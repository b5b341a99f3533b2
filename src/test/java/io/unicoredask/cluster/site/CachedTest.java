package io.unicoredask.cluster.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CachedTest {

  private final AtomicInteger lookUps = new AtomicInteger();

  @Test
  void aValueStandsForAsLongAsItIsToBeKept() {
    Cached<Integer> kept = new Cached<>(lookUps::incrementAndGet, value -> Duration.ofDays(1));
    Cached<Integer> fleeting =
        new Cached<>(lookUps::incrementAndGet, value -> Duration.ofMillis(50));

    assertThat(kept.get()).isEqualTo(1);
    assertThat(kept.get()).isEqualTo(1);
    assertThat(fleeting.get()).isEqualTo(2);
    await().until(() -> fleeting.get() > 2);
  }

  @Test
  void aNewerValueIsLookedUpOnlyOnceForAllWhoSawTheOldOne() {
    Cached<Integer> kept = new Cached<>(lookUps::incrementAndGet, value -> Duration.ofDays(1));
    Integer old = kept.get();

    assertThat(kept.newer(old)).isEqualTo(2);
    assertThat(kept.newer(old)).isEqualTo(2);
    assertThat(kept.get()).isEqualTo(2);
  }

  @Test
  void manyWhoAskAtOnceShareOneLookUp() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    Cached<Integer> slow =
        new Cached<>(
            () -> {
              try {
                answer.await(5, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
              return lookUps.incrementAndGet();
            },
            value -> Duration.ofDays(1));
    Set<Integer> seen = ConcurrentHashMap.newKeySet();
    ExecutorService many = Executors.newFixedThreadPool(8);
    for (int i = 0; i < 8; i++) {
      many.execute(() -> seen.add(slow.get()));
    }
    many.shutdown();
    answer.countDown();

    assertThat(many.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
    assertThat(seen).containsExactly(1);
  }

  @Test
  void aFailureIsNotRemembered() {
    Cached<Integer> value =
        new Cached<>(
            () -> {
              if (lookUps.incrementAndGet() == 1) {
                throw new IllegalStateException("not yet");
              }
              return 7;
            },
            found -> Duration.ofDays(1));

    assertThatThrownBy(value::get).hasMessage("not yet");
    assertThat(value.get()).isEqualTo(7);
  }
}
