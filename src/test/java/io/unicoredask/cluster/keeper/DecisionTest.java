package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.ClusterError;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is told what, and what is left of what was wanted. */
class DecisionTest {

  private static final Waiting FIRST = waiting("first", Phase.SCALE_WORKERS, true);
  private static final Waiting SECOND = waiting("second", Phase.SCALE_WORKERS, false);
  private static final Waiting MONITOR = waiting("monitor", Phase.MONITOR, true);

  @Test
  void allWhoWaitForTheSameAreToldTheSame() {
    Decision decision = decision(FIRST, SECOND, MONITOR);
    decision.done(Phase.SCALE_WORKERS);

    assertThat(decision.outcomes()).containsOnlyKeys("first", "second");
    assertThat(decision.awaits(Phase.SCALE_WORKERS)).isFalse();
    assertThat(decision.awaits(Phase.MONITOR)).isTrue();
  }

  @Test
  void whatIsToldFirstCounts() {
    Decision decision = decision(MONITOR);
    decision.fail(Phase.MONITOR, ClusterError.DASK_ALLOCATION_FAILED, "it is over");
    decision.done(Phase.MONITOR);
    decision.fail(Phase.MONITOR, ClusterError.DASK_SCHEDULER_LOST, "so is this");

    assertThat(decision.hasFailed()).isTrue();
    assertThat(decision.outcomes().get("monitor"))
        .isEqualTo(new Outcome.Failed(ClusterError.DASK_ALLOCATION_FAILED, "it is over"));
  }

  @Test
  void onlyWhatHasNotBegunBegins() {
    Decision decision = decision(FIRST, SECOND);

    assertThat(decision.begins(Phase.SCALE_WORKERS)).isTrue();
    assertThat(decision.begun()).containsExactly("second");
    assertThat(decision(FIRST).begins(Phase.SCALE_WORKERS)).isFalse();
    assertThat(decision(FIRST).begins(Phase.MONITOR)).isFalse();
  }

  @Test
  void whatIsWaitedForStaysSaidWhereNothingNewIsKnown() {
    Decision decision = decision(MONITOR);
    assertThat(decision.isNoteAsBefore()).isFalse();
    decision.noteAsBefore();
    assertThat(decision.isNoteAsBefore()).isTrue();

    decision.note("something new");
    assertThat(decision.isNoteAsBefore()).isFalse();
  }

  @Test
  void whoWasToldSomethingDoesNotWaitAnyMore() {
    Decision decision = decision(FIRST, SECOND, MONITOR);
    decision.begins(Phase.SCALE_WORKERS);
    decision.tell(Phase.MONITOR, new Outcome.Done());

    Demand left = decision.demand().after(decision);
    assertThat(left.waiting()).containsExactly(FIRST, waiting("second", Phase.SCALE_WORKERS, true));
    assertThat(left.isWaiting(Phase.MONITOR)).isFalse();
    assertThat(left.name()).isEqualTo("a name");
    assertThat(left.workDeleted()).isTrue();
  }

  private static Decision decision(Waiting... waiting) {
    return new Decision(
        Cluster.planned("e1-c1", "hpc"),
        new Demand("a name", null, Arrays.asList(waiting), true),
        Recollection.NONE);
  }

  private static Waiting waiting(String execution, Phase phase, boolean begun) {
    return new Waiting(execution, phase, NOW, begun);
  }

  @Test
  void scriptsAndLogsRunBesideAClustersLife() {
    List<Phase> aside =
        Arrays.stream(Phase.values())
            .filter(phase -> waiting("one", phase, true).isAside())
            .toList();

    assertThat(aside).containsExactly(Phase.RUN_SCRIPT, Phase.READ_LOGS);
  }
}
