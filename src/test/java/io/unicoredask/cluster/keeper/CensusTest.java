package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.ClusterStatus;
import io.unicoredask.cluster.TestSites;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.site.Sites;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** How clusters are counted. */
class CensusTest {

  private static final URI JOB = URI.create("jobs/1");

  private final List<Census.Entry> clusters = new ArrayList<>();

  @Test
  void aClusterIsAsWhatItWaitsForSays() {
    add("hpc", cluster -> cluster, Phase.START_SCHEDULER);
    add("hpc", cluster -> cluster, Phase.MONITOR);
    add("hpc", cluster -> cluster, Phase.MONITOR, Phase.SCALE_WORKERS);
    add("hpc", cluster -> cluster, Phase.MONITOR, Phase.TEAR_DOWN);
    add("hpc", cluster -> cluster);
    add("elsewhere", cluster -> cluster, Phase.MONITOR);

    assertThat(census().clusters("hpc", ClusterStatus.PENDING)).isEqualTo(2);
    assertThat(census().clusters("hpc", ClusterStatus.RUNNING)).isEqualTo(2);
    assertThat(census().clusters("hpc", ClusterStatus.STOPPING)).isEqualTo(1);
    assertThat(census().clusters("elsewhere", ClusterStatus.RUNNING)).isEqualTo(1);
  }

  @Test
  void whoWaitsIsCountedAndTheLongestWaitRemembered() {
    add("hpc", cluster -> cluster, Phase.MONITOR);
    add("hpc", cluster -> cluster, Phase.MONITOR, Phase.RUN_SCRIPT);

    assertThat(census().waiting("hpc", Phase.MONITOR)).isEqualTo(2);
    assertThat(census().waiting("hpc", Phase.RUN_SCRIPT)).isEqualTo(1);
    assertThat(census().waitingSince("hpc", Phase.MONITOR)).contains(NOW.minusSeconds(1));
    assertThat(census().waitingSince("hpc", Phase.ALLOCATE)).isEmpty();
  }

  @Test
  void aJobIsCountedByWhatItIsForAndHowFarItIs() {
    add(
        "hpc",
        cluster ->
            cluster
                .with()
                .allocation(AllocationJob.wanted().submitted(JOB))
                .scheduler(SchedulerJob.wanted().withJob(JOB))
                .workers(
                    List.of(
                        WorkerJob.wanted(1, 2),
                        WorkerJob.wanted(2, 2).submitted(JOB).in(WorkerJob.Status.CONNECTED),
                        WorkerJob.wanted(3, 2).submitted(JOB).in(WorkerJob.Status.RETIRING),
                        WorkerJob.wanted(4, 2).submitted(JOB).ended()))
                .connectedWorkers(3)
                .build(),
        Phase.START_SCHEDULER);
    add("hpc", cluster -> cluster.withScheduler(SchedulerJob.wanted()), Phase.START_SCHEDULER);

    assertJobs(JobRole.ALLOCATION, Map.of(JobState.RUNNING, 1L));
    assertJobs(JobRole.SCHEDULER, Map.of(JobState.QUEUED, 1L, JobState.WANTED, 1L));
    assertJobs(
        JobRole.WORKER,
        Map.of(
            JobState.WANTED,
            1L,
            JobState.CONNECTED,
            1L,
            JobState.RETIRING,
            1L,
            JobState.ENDED,
            1L));
    assertThat(census().connectedWorkers("hpc")).isEqualTo(3);
    assertThat(census().plannedWorkers("hpc")).as("without what is retired").isEqualTo(6);
  }

  private void assertJobs(JobRole role, Map<JobState, Long> expected) {
    for (JobState state : JobState.values()) {
      assertThat(census().jobs("hpc", role, state))
          .as("%s %s", role, state)
          .isEqualTo(expected.getOrDefault(state, 0L));
    }
  }

  private Census census() {
    return Census.of(clusters.stream());
  }

  private void add(String site, UnaryOperator<Cluster> change, Phase... phases) {
    Cluster cluster = change.apply(Cluster.planned("e1-c" + clusters.size(), site));
    List<Waiting> waiting =
        List.of(phases).stream()
            .map(phase -> new Waiting(phase.name(), phase, NOW.minusSeconds(clusters.size()), true))
            .toList();
    ClusterRequest request =
        ClusterRequest.of(Map.of(), new Sites(List.of(TestSites.unreachable("hpc"))));
    clusters.add(new Census.Entry(cluster, new Demand(null, request, waiting, false)));
  }
}
