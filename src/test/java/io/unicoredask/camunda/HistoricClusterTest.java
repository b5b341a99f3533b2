package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Date;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the sender of a message is told that reaches nobody. */
class HistoricClusterTest {

  private static final Date END = Date.from(Instant.parse("2026-01-01T12:00:00.5Z"));

  @Test
  void aClusterThatWasStoppedSaysWhenAndByWhat() {
    assertThat(fate(END, null, Map.of("clusterStatus", "STOPPED", "endedBy", "lifetime")).text())
        .matches(
            "the cluster of process instance 42 \\(business key 'mine'\\) is over: STOPPED at .*, endedBy = lifetime")
        .containsPattern("2026-01-0[12]T");
  }

  @Test
  void aClusterThatFailedSaysWhy() {
    assertThat(
            fate(
                    END,
                    null,
                    Map.of("clusterStatus", "FAILED", "errorCode", "DASK_X", "errorMessage", "no"))
                .text())
        .contains("is over: FAILED at 2026-01-0")
        .endsWith(", DASK_X: no");
  }

  @Test
  void anInstanceThatWasDeletedSaysSo() {
    assertThat(fate(END, "by hand", Map.of("clusterStatus", "RUNNING")).text())
        .contains("is over: its instance ended at 2026-01-0")
        .endsWith("(by hand)");
  }

  @Test
  void aDryRunIsNoCluster() {
    assertThat(fate(END, null, Map.of("dryRun", true)).text())
        .startsWith("process instance 42 was a dry run, which has ended at 2026-01-0");
  }

  @Test
  void aClusterThatIsBeingTornDownTakesNoMessages() {
    assertThat(fate(null, null, Map.of("clusterStatus", "STOPPING", "endedBy", "error")).text())
        .endsWith("is being torn down (endedBy = error), and takes no messages any more");
  }

  @Test
  void aClusterThatGoesOnDoesNotWaitForEachMessage() {
    assertThat(fate(null, null, Map.of("clusterStatus", "RUNNING")).text())
        .endsWith("is RUNNING, and its process does not wait for this message");
  }

  @Test
  void aKeyOfManyLinesIsSaidOnOne() {
    assertThat(new HistoricCluster("42", "a\nb", null, null, Map.of()).text()).contains("'a b'");
  }

  private static HistoricCluster fate(Date end, String deleteReason, Map<String, Object> outputs) {
    return new HistoricCluster("42", "mine", end, deleteReason, outputs);
  }
}
