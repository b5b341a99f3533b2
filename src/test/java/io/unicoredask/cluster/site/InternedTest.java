package io.unicoredask.cluster.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

class InternedTest {

  private final Interned<Integer, Object> interned = new Interned<>(key -> new Object());

  @Test
  void thereIsOneAsLongAsSomebodyHasIt() {
    Object one = interned.get(1);
    System.gc();
    assertThat(interned.get(1)).isSameAs(one);
    assertThat(interned.get(2)).isNotSameAs(one);
  }

  @Test
  void whatNobodyUsesAnyMoreIsNotKept() {
    Object used = interned.get(0);
    for (int key = 1; key <= 100; key++) {
      interned.get(key);
    }
    await()
        .until(
            () -> {
              System.gc();
              interned.get(-1);
              return interned.size() <= 3;
            });
    assertThat(interned.get(0)).isSameAs(used);
  }
}
