package io.unicoredask.cluster.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.TestSites;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.SiteDefaults;
import io.unicoredask.cluster.site.Sites;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names and tags by which one could reach into what belongs to a cluster. */
class RefusedNamesTest {

  private final Sites sites = new Sites(List.of(TestSites.unreachable("hpc")));

  @ParameterizedTest
  @CsvSource({
    "schedulerAddress, the cluster writes it",
    "scaleErrorMessage, the cluster writes it",
    "scriptExitCode, the cluster writes it",
    "cluster, it is the process's own record",
    "daskWaiting, it is the process's own record",
    "schedulerLostMessage, it is the process's own record",
    "daskTeardown, it would hide what the process calls ${daskTeardown}",
    "daskSomethingNew, it would hide what the process calls ${daskSomethingNew}"
  })
  void namesThatAreOursAreRefusedWithTheReason(String name, String reason) {
    String refusal = "%s may not be given: %s".formatted(name, reason);

    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> ReservedNames.refuse(List.of("mine", name)))
        .withMessage(refusal)
        .extracting(ClusterException::error)
        .isEqualTo(ClusterError.DASK_INVALID_REQUEST);
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> ClusterRequest.of(Map.of(name, "x"), sites))
        .withMessage(refusal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dask", "daskets", "dask_x", "myCluster", "workers", "script", "result"})
  void otherNamesAreTheUsers(String name) {
    assertThatCode(() -> ReservedNames.refuse(List.of(name))).doesNotThrowAnyException();
  }

  @Test
  void reservedAndMisspeltNamesAndWrongValuesAreAllSaidAtOnce() {
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(
            () ->
                ClusterRequest.of(
                    Map.of("clusterStatus", "RUNNING", "n_workers", 2, "processes", 0), sites))
        .withMessageContaining("clusterStatus may not be given")
        .withMessageContaining("n_workers is no variable of a cluster; use workers")
        .withMessageContaining("processes = 0");
  }

  @Test
  void aLineBreakInAValueForgesNoLineOfTheLog() {
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(
            () ->
                ClusterRequest.of(Map.of("workers", "1\r\nINFO all is well", "Queue\n", 1), sites))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContainPattern("\\p{Cntrl}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"schedulerJob", "workerJob", "allocation"})
  void aJobDescriptionWithAClustersTagIsRefused(String variable) {
    String description = "{\"Tags\": [\"mine\", \"dask-cluster-e1-42-worker-1\"]}";

    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> ClusterRequest.of(Map.of(variable, description), sites))
        .withMessageStartingWith(
            variable + " has the tag 'dask-cluster-e1-42-worker-1', which is not allowed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "camunda-unicore-dask",
        "camunda-unicore-dask-e1",
        "mine,dask-cluster-e1-42",
        " Dask-Cluster-e1-42"
      })
  void aScriptsJobWithAClustersTagIsRefusedHoweverItIsWritten(String tag) {
    Map<String, Object> variables =
        Map.of("script", "pass", "scriptJob", Map.of("Tags", List.of(tag)));

    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> ScriptRequest.of(variables, "run", "hpc", sites))
        .withMessageContaining("scriptJob has the tag '%s'".formatted(tag));
  }

  @Test
  void noTemplateOfTheSiteBringsThemEither() throws Exception {
    ObjectNode bad =
        (ObjectNode) new ObjectMapper().readTree("{\"Tags\": [\"camunda-unicore-dask\"]}");
    Site site =
        new Site(
            TestSites.unreachable("hpc").unicore(),
            null,
            new SiteDefaults(null, null, null, null, null, "bad", Map.of("bad", bad)));

    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(
            () -> ClusterRequest.of(Map.of("schedulerJob", "bad"), new Sites(List.of(site))))
        .withMessageContaining("schedulerJob has the tag 'camunda-unicore-dask'")
        .withMessageContaining("workerJob has the tag 'camunda-unicore-dask'");
  }

  @Test
  void aTemplateOfTheSiteWithAMisspeltKeyIsRefusedWhereItIsRead() throws Exception {
    ObjectNode bad = (ObjectNode) new ObjectMapper().readTree("{\"argument\": [\"x\"]}");
    Sites with =
        new Sites(
            List.of(
                new Site(
                    TestSites.unreachable("hpc").unicore(),
                    null,
                    new SiteDefaults(null, null, null, null, null, null, Map.of("bad", bad)))));

    assertThat(ClusterRequest.of(Map.of("workers", 1), with).workerJob()).isEmpty();
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> ClusterRequest.of(Map.of("workerJob", "bad"), with))
        .withMessageContaining("with Arguments in place of argument");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\tb", "a\nb", "a\u0007", "a`b", "$(a)"})
  void aControlCharacterInANameOfTheBatchSystemIsRefused(String name) {
    for (String variable : List.of("queue", "project")) {
      assertThatExceptionOfType(ClusterException.class)
          .isThrownBy(() -> ClusterRequest.of(Map.of(variable, name), sites))
          .withMessageContaining("allowed is a text of one line, without control characters");
    }
  }

  @Test
  void aTextWithTheCharacterNulIsRefused() {
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> ClusterRequest.of(Map.of("work", "a\0b"), sites))
        .withMessageContaining("work = a b")
        .withMessageContaining("without the character NUL");
  }

  @Test
  void otherTagsAreTheUsers() {
    String description = "{\"Tags\": [\"dask\", \"my-dask-cluster-1\"]}";

    assertThat(ClusterRequest.of(Map.of("workerJob", description), sites).workerJob().path("Tags"))
        .hasSize(2);
  }
}
