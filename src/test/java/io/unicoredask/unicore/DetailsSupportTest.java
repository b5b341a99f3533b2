package io.unicoredask.unicore;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A site that does not say what its batch system says is not asked in vain for each job. */
class DetailsSupportTest {

  private long now;
  private final DetailsSupport support = new DetailsSupport(() -> now);

  @Test
  void oneJobThatIsNotToldOfSaysNothingOfOthers() {
    refuse(4);
    assertThat(support.isWorthAsking()).isTrue();
  }

  @Test
  void afterSeveralInARowItIsTriedEveryTenMinutes() {
    refuse(5);
    assertThat(support.isWorthAsking()).isFalse();

    now += Duration.ofMinutes(11).toNanos();
    assertThat(support.isWorthAsking()).isTrue();
    refuse(1);
    assertThat(support.isWorthAsking()).isFalse();
  }

  @Test
  void anAnswerMakesThemForgotten() {
    refuse(4);
    support.answered();
    refuse(4);
    assertThat(support.isWorthAsking()).isTrue();
  }

  private void refuse(int times) {
    for (int i = 0; i < times; i++) {
      support.refused();
    }
  }
}
