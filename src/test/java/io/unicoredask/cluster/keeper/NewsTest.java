package io.unicoredask.cluster.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.ClusterError;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What people are told, and that they are told nothing twice. */
class NewsTest {

  private final News news = new News();
  private final Situation situation = Situation.of(Phase.MONITOR).reachable();

  @Test
  void allIsNewAtFirst() {
    assertThat(of(decision("waiting")))
        .containsEntry("clusterProgress", "waiting")
        .containsEntry("schedulerAddress", "tcp://127.0.0.1:4322")
        .containsKey("workerJobStatus");
  }

  @Test
  void whatIsToldIsNotToldAgain() {
    news.areTold(of(decision("waiting")));

    assertThat(of(decision("waiting"))).isEmpty();
    assertThat(of(decision("still waiting"))).isEqualTo(Map.of("clusterProgress", "still waiting"));
  }

  @Test
  void whatWasNotPutDownIsToldAgain() {
    of(decision("waiting"));

    assertThat(of(decision("waiting"))).containsKey("clusterProgress");
  }

  @Test
  void whereItIsNotKnownWhatPeopleHaveAllIsToldAgain() {
    news.areTold(of(decision("waiting")));
    news.forget();

    assertThat(of(decision("waiting"))).containsKeys("clusterProgress", "schedulerAddress");
  }

  @Test
  void whereNothingIsWaitedForTheVariableGoes() {
    news.areTold(of(decision("waiting")));

    assertThat(of(decision(""))).containsOnlyKeys("clusterProgress").containsValue(null);
  }

  @Test
  void whoIsSilentSaysNothingOfWhatIsWaitedFor() {
    assertThat(news.of(decision("waiting"), true, "127.0.0.1", URI::normalize))
        .doesNotContainKey("clusterProgress")
        .containsKey("schedulerAddress");
  }

  @Test
  void whatStandsInTheWayIsSaidBeforeWhatIsWaitedFor() {
    Decision decision = decision("waiting");
    decision.hinderedBy(new IllegalStateException("the site is away"));

    assertThat(of(decision)).containsEntry("clusterProgress", "the site is away");
  }

  @Test
  void whatARuleSaysIsSaidEachTime() {
    Decision decision = decision("");
    decision.output("lifetime", "PT2H");
    decision.output("scaleErrorCode", null);
    news.areTold(of(decision));

    assertThat(of(decision))
        .containsEntry("lifetime", "PT2H")
        .containsEntry("scaleErrorCode", null);
  }

  @Test
  void aFailureToScaleIsSaidWithItsCode() {
    Decision decision = decision("");
    decision.scalingFailed(ClusterError.DASK_WORKER_FAILED, "2 of 4 worker jobs ended");

    assertThat(of(decision))
        .containsEntry("scaleErrorCode", "DASK_WORKER_FAILED")
        .containsEntry("scaleErrorMessage", "2 of 4 worker jobs ended");
  }

  @Test
  void aVariableThatIsRemovedIsToldToBe() {
    assertThat(news.isTold("clusterProgress", null)).isFalse();
    news.areTold(of(decision("")));
    assertThat(news.isTold("clusterProgress", null)).isTrue();
    assertThat(news.isTold("clusterProgress", "waiting")).isFalse();
  }

  private Map<String, Object> of(Decision decision) {
    return news.of(decision, false, "127.0.0.1", url -> URI.create("https://hpc/" + url));
  }

  private Decision decision(String note) {
    Decision decision =
        new Decision(
            situation.cluster(),
            new Demand(null, situation.request(), List.of(), false),
            Recollection.NONE);
    decision.note(note);
    return decision;
  }
}
