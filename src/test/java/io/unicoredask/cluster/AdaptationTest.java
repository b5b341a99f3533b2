package io.unicoredask.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.cluster.request.AdaptiveBounds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a cluster that follows its work is scaled, and to how many workers. */
class AdaptationTest {

  private static final int NONE = 0;

  private final Adaptation five = adaptation(1, 10, 3, 1).withWorkers(5);

  @Test
  void moreWorkersAreHadAtOnce() {
    Adaptation more = five.wanting(6, NONE);
    assertThat(more.scaling()).isTrue();
    assertThat(more.jobs(NONE)).isEqualTo(6);
  }

  @Test
  void fewerAreHadWhenTheyWereWantedForSoManyLooksInARow() {
    Adaptation once = five.wanting(4, NONE);
    Adaptation twice = once.wanting(2, NONE);
    assertThat(once.scaling() || twice.scaling()).isFalse();
    assertThat(twice.jobs(NONE)).isEqualTo(5);

    Adaptation fewer = twice.wanting(3, NONE);
    assertThat(fewer.scaling()).isTrue();
    assertThat(fewer.jobs(NONE)).isEqualTo(3);
    assertThat(fewer.fewerWanted()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"5", "6"})
  void aLookThatWantsNoFewerBeginsTheCountAnew(int wanted) {
    Adaptation again = five.wanting(4, NONE).wanting(4, NONE).wanting(wanted, NONE);
    assertThat(again.fewerWanted()).isZero();
    assertThat(again.withScaling(false).wanting(4, NONE).wanting(4, NONE).scaling()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "7, 7", "10, 10", "11, 10", "1000000, 10"})
  void whatIsWantedIsKeptWithinTheBounds(int wanted, int workers) {
    Adaptation hasty = adaptation(1, 10, 1, 1).withWorkers(5);
    assertThat(hasty.wanting(wanted, NONE).jobs(NONE)).isEqualTo(workers);
  }

  @Test
  void jobsOfSeveralWorkersAreHadForAllThatAreWantedAndEndedWhenAllCanBeSpared() {
    Adaptation jobs = adaptation(0, 10, 1, 4).withWorkers(8);
    assertThat(jobs.wanting(5, NONE).scaling()).isFalse();
    assertThat(jobs.wanting(4, NONE).jobs(NONE)).isEqualTo(1);
    assertThat(jobs.wanting(9, NONE).jobs(NONE)).isEqualTo(3);
  }

  @Test
  void untilItIsReadyAClusterHasWhatItHasWithinTheBounds() {
    Adaptation begins = adaptation(2, 10, 3, 1);
    assertThat(begins.jobs(0)).isEqualTo(2);
    assertThat(begins.jobs(4)).isEqualTo(4);
    assertThat(begins.jobs(40)).isEqualTo(10);
    assertThat(begins.wanting(4, 4).workers()).isEqualTo(4);
  }

  @Test
  void itSurvivesARestartOfTheEngine() throws Exception {
    Cluster cluster =
        Cluster.planned("test-cluster", "local").withAdaptation(five.withScaling(true));
    ObjectMapper json = new ObjectMapper();

    assertThat(json.readValue(json.writeValueAsString(cluster), Cluster.class)).isEqualTo(cluster);
  }

  private static Adaptation adaptation(int minimum, int maximum, int waitCount, int processes) {
    return new Adaptation(
        new AdaptiveBounds(minimum, maximum, waitCount), processes, null, 0, false);
  }
}
