package io.unicoredask.cluster.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How often is asked what other nodes have changed, and what counts. */
class OtherNodesTest {

  private static final long START = 1_000_000_000L;
  private static final long MARGIN = Duration.ofMinutes(2).toMillis();

  private final FakeRecords records = new FakeRecords(null, new ArrayList<>());
  private final Map<String, Long> known = new HashMap<>();
  private final List<String> changed = new ArrayList<>();
  private final OtherNodes others =
      new OtherNodes(records, (cluster, at) -> !at.equals(known.get(cluster)), changed::add, START);

  @Test
  void whatIsKnownAlreadyIsNoNews() {
    records.changes.put("known", START);
    records.changes.put("new", START);
    known.put("known", START);
    others.ask(START);

    assertThat(changed).containsExactly("new");
  }

  @Test
  void theClocksOfNodesMayDiffer() {
    others.ask(START + 5000);
    others.ask(START + 10_000);

    assertThat(records.askedSince).containsExactly(START - MARGIN, START + 5000 - MARGIN);
  }

  @Test
  void whereNobodyElseChangesAnythingIsAskedSeldom() {
    assertThat(others.ask(START)).isEqualTo(OtherNodes.SELDOM);
  }

  @Test
  void whereSomebodyHasOfLateIsAskedOften() {
    records.changes.put("new", START);
    assertThat(others.ask(START)).isEqualTo(OtherNodes.OFTEN);

    records.changes.clear();
    long later = START + Duration.ofMinutes(10).toMillis();
    assertThat(others.ask(later - 1)).isEqualTo(OtherNodes.OFTEN);
    assertThat(others.ask(later)).isEqualTo(OtherNodes.SELDOM);
  }

  @Test
  void whatWasNotAnsweredIsAskedForAgain() {
    FakeRecords flaky =
        new FakeRecords(null, new ArrayList<>()) {
          @Override
          public Map<String, Long> changedSince(long millis) {
            super.changedSince(millis);
            throw new IllegalStateException("no connection");
          }
        };
    OtherNodes asking = new OtherNodes(flaky, (cluster, at) -> true, changed::add, START);

    assertThat(asking.ask(START + 5000)).isEqualTo(OtherNodes.SELDOM);
    asking.ask(START + 10_000);
    assertThat(flaky.askedSince).containsExactly(START - MARGIN, START - MARGIN);
  }
}
