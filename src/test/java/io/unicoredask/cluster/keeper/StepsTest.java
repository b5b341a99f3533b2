package io.unicoredask.cluster.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** What the log and a listener know of a keeper's turn. */
class StepsTest {

  private final List<String> heard = new ArrayList<>();
  private final Steps steps =
      new Steps((site, kind, took) -> heard.add(site + " " + kind + " " + !took.isNegative()));
  private Map<String, String> seen;

  @AfterEach
  void forget() {
    MDC.clear();
  }

  @Test
  void theLogSaysWhatATurnIsAboutWhileItLasts() {
    MDC.put("mine", "before");
    MDC.put("daskCluster", "another");

    steps.of(keeper(() -> Next.NEVER));

    assertThat(seen)
        .containsEntry("daskCluster", "e1-c1")
        .containsEntry("businessKey", "my cluster")
        .containsEntry("mine", "before");
    assertThat(MDC.getCopyOfContextMap())
        .isEqualTo(Map.of("mine", "before", "daskCluster", "another"));
  }

  @Test
  void whatEndsWithAnErrorIsForgottenAndHeardOfToo() {
    Keeper failing =
        keeper(
            () -> {
              throw new IllegalStateException("meant to fail");
            });

    assertThatThrownBy(() -> steps.of(failing)).hasMessage("meant to fail");
    assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
    assertThat(heard).containsExactly("hpc SCRIPT true");
  }

  @Test
  void whatPeopleHaveChosenForgesNoLine() {
    steps.of(keeper(() -> Next.NEVER));

    assertThat(seen).containsEntry("businessKey", "my cluster");
  }

  private Keeper keeper(Supplier<Next> turn) {
    return new TurningKeeper(
        KeeperListener.Kind.SCRIPT,
        Map.of("daskCluster", "e1-c1", "businessKey", "my\r\ncluster"),
        null,
        () -> {
          seen = new HashMap<>(MDC.getCopyOfContextMap());
          return turn.get();
        });
  }
}
