package io.unicoredask.cluster.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By which tags a job is found again, and what they say. */
class JobTagsTest {

  private final Cluster cluster = Cluster.planned("e1-4f-5a", "hpc");

  @ParameterizedTest
  @ValueSource(strings = {"scheduler", "scheduler-2", "worker-17", "allocation", "script-a-b"})
  void whatAJobWasSubmittedForIsReadFromItsTags(String purpose) {
    ObjectNode job = JsonNodeFactory.instance.objectNode();
    JobTags.add(job, cluster, purpose);

    assertThat(JobTags.intent(tags(job))).contains(new JobTags.Intent("e1-4f-5a", purpose));
  }

  @Test
  void theOrderOfTheTagsIsTheSites() {
    ObjectNode job = JsonNodeFactory.instance.objectNode();
    JobTags.add(job, cluster, "worker-1");
    List<String> tags = tags(job);
    Collections.reverse(tags);

    assertThat(JobTags.intent(tags)).contains(new JobTags.Intent("e1-4f-5a", "worker-1"));
  }

  @Test
  void jobsOfOthersSayNothing() {
    assertThat(JobTags.intent(List.of())).isEmpty();
    assertThat(JobTags.intent(List.of("mine", "dask-cluster-e1-4f-5a"))).isEmpty();
    assertThat(JobTags.intent(List.of("dask-cluster-a", "dask-cluster-b-scheduler"))).isEmpty();
  }

  @Test
  void allJobsOfAnEngineCarryItsTag() {
    ObjectNode job = JsonNodeFactory.instance.objectNode();
    JobTags.add(job, cluster, "scheduler");

    assertThat(tags(job)).contains(JobTags.installation("e1"), JobTags.cluster(cluster));
  }

  @Test
  void aJobSaysWhoStartedItsCluster() {
    ObjectNode job = JsonNodeFactory.instance.objectNode();
    JobTags.add(
        job, Cluster.planned("e1-4f-5a", "hpc", "Ada, L.", ClusterIdentity.SHARED), "scheduler");

    assertThat(tags(job)).endsWith("dask-user-Ada__L.");
    assertThat(JobTags.intent(tags(job))).contains(new JobTags.Intent("e1-4f-5a", "scheduler"));
  }

  private static List<String> tags(ObjectNode job) {
    List<String> tags = new ArrayList<>();
    job.path("Tags").forEach(tag -> tags.add(tag.asText()));
    return tags;
  }
}
