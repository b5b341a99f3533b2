package io.unicoredask.cluster.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How many clusters wait in the queues of a site. */
class QueueingTest {

  private final Queueing queueing = new Queueing();

  @Test
  void eachIsCountedOnceAtItsSite() {
    assertThat(queueing.note("hpc", "a", true)).isEqualTo(1);
    assertThat(queueing.note("hpc", "a", true)).isEqualTo(1);
    assertThat(queueing.note("hpc", "b", true)).isEqualTo(2);
    assertThat(queueing.note("other", "c", true)).isEqualTo(1);
  }

  @Test
  void oneThatHasLeftTheQueueIsNoneOfThem() {
    queueing.note("hpc", "a", true);
    queueing.note("hpc", "b", true);

    assertThat(queueing.note("hpc", "a", false)).isEqualTo(1);
    assertThat(queueing.note("hpc", "a", false)).isEqualTo(1);
  }
}
