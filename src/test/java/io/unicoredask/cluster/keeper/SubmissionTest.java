package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.FakeSite;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.SiteDefaults;
import io.unicoredask.unicore.JobStatus;
import io.unicoredask.unicore.UnicoreException;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That a job is submitted once, and which answers are an outcome. */
class SubmissionTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final URI ENGINE =
      URI.create("https://engine.example.org/unicore-dask/notifications/hpc");

  private final UnicoreSite site = mock(UnicoreSite.class);
  private final FakeSite hpc = new FakeSite("hpc");
  private Cluster cluster = Cluster.planned("e1-c1", "hpc");

  @ParameterizedTest
  @ValueSource(ints = {400, 413, 422, 500})
  void aJobThatTheSiteDoesNotTakeIsRefused(int status) {
    assertThatThrownBy(() -> submit(status, false))
        .isInstanceOfSatisfying(
            ClusterException.class,
            e -> assertThat(e.error()).isEqualTo(ClusterError.DASK_JOB_REFUSED));
  }

  @ParameterizedTest
  @CsvSource({"401, false", "403, false", "404, false", "429, true", "503, true", "0, true"})
  void whatSaysNothingOfTheJobIsNoRefusalOfIt(int status, boolean retryable) {
    assertThatThrownBy(() -> submit(status, retryable)).isInstanceOf(UnicoreException.class);
  }

  @Test
  void aJobAsksForNotificationsIfThereIsSomebodyToTell() {
    assertThat(completed(null, "{}").has("Notification")).isFalse();
    assertThat(completed(ENGINE, "{}").get("Notification").asText()).isEqualTo(ENGINE.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Notification\": \"https://mine.example.org\"}",
        "{\"NotificationSettings\": {\"URL\": \"https://mine.example.org\"}}"
      })
  void whomTheUserWantsToBeToldIsToldInstead(String job) {
    ObjectNode completed = completed(ENGINE, job);
    completed.remove("Tags");

    assertThat(completed).hasToString(job.replace(": ", ":"));
  }

  private ObjectNode completed(URI notification, String job) {
    try {
      ObjectNode read = (ObjectNode) new ObjectMapper().readTree(job);
      Submission.complete(
          read,
          new Site(site, null, SiteDefaults.NONE).notifying(notification),
          Cluster.planned("e1-c1", "hpc"),
          "scheduler");
      return read;
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aJobThatIsThereForThisPurposeIsAdopted() {
    URI there = hpc.add("there", JobStatus.QUEUED, "dask-cluster-e1-c1-scheduler");
    hpc.add("another", JobStatus.QUEUED, "dask-cluster-e1-c1-scheduler-2");

    assertThat(submitOnce("scheduler", true)).isEqualTo(there);
    assertThat(hpc.calls()).containsExactly("jobs");
  }

  @Test
  void nobodyAsksForAJobThatNobodyCanHaveSubmitted() {
    hpc.add("there", JobStatus.QUEUED, "dask-cluster-e1-c1-scheduler");
    submitOnce("scheduler", false);

    assertThat(hpc.calls()).containsExactly("submit");
  }

  @Test
  void aJobThatIsTriedAgainAndIsNotThereIsSubmitted() {
    assertThat(submitOnce("worker-1", true)).hasToString("jobs/1");
    assertThat(hpc.calls()).containsExactly("jobs", "submit");
  }

  @Test
  void theJobOfAnotherClusterIsNotAdopted() {
    hpc.add("there", JobStatus.QUEUED, "dask-cluster-e1-c2-scheduler");

    assertThat(submitOnce("scheduler", true)).hasToString("jobs/2");
  }

  @Test
  void tagsOfTheUserStay() {
    ObjectNode job = JSON.createObjectNode();
    job.putArray("Tags").add("mine");
    new Submission(new Site(hpc, null, SiteDefaults.NONE))
        .submitOnce(cluster, "scheduler", job, false);

    assertThat(hpc.submitted().get(0).path("Tags").toString())
        .startsWith("[\"mine\",\"camunda-unicore-dask\"")
        .endsWith("\"dask-cluster-e1-c1-scheduler\"]");
  }

  @Test
  void aJobOfAnAllocationGoesIntoIt() {
    cluster = cluster.withAllocation(AllocationJob.wanted().submitted(job("allocation")));
    submitOnce("worker-1", false);

    assertThat(hpc.calls()).containsExactly("into jobs/allocation", "submit");
  }

  @Test
  void whereTheAllocationIsOverItsEndIsTheReason() {
    cluster = cluster.withAllocation(AllocationJob.wanted().submitted(job("allocation")));
    hpc.add("allocation", JobStatus.FAILED);
    hpc.refuses("submit", 400);

    assertThatThrownBy(() -> submitOnce("worker-1", false))
        .isInstanceOfSatisfying(
            ClusterException.class,
            e -> assertThat(e.error()).isEqualTo(ClusterError.DASK_ALLOCATION_FAILED))
        .hasMessageContaining("allocation job");
  }

  @Test
  void whereTheAllocationGoesOnTheJobIsTheReason() {
    cluster = cluster.withAllocation(AllocationJob.wanted().submitted(job("allocation")));
    hpc.add("allocation", JobStatus.RUNNING);
    hpc.refuses("submit", 400);

    assertThatThrownBy(() -> submitOnce("worker-1", false))
        .hasMessageStartingWith("the worker-1 job was refused: ");
  }

  private URI submitOnce(String purpose, boolean mayBeThere) {
    return new Submission(new Site(hpc, null, SiteDefaults.NONE))
        .submitOnce(cluster, purpose, JSON.createObjectNode(), mayBeThere);
  }

  private URI submit(int status, boolean retryable) {
    URI jobs = URI.create("https://hpc.example.org/HPC/rest/core/jobs");
    when(site.submit(any()))
        .thenThrow(new UnicoreException("hpc", "POST", jobs, status, retryable, "no", null));
    return new Submission(new Site(site, null, SiteDefaults.NONE))
        .submitOnce(
            Cluster.planned("e1-c1", "hpc"),
            "scheduler",
            new ObjectMapper().createObjectNode(),
            false);
  }
}
