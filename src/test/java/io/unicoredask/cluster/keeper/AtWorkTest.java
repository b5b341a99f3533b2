package io.unicoredask.cluster.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.TestSites;
import io.unicoredask.cluster.keeper.WorkerJob.Status;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.site.Sites;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What of a cluster is at work, and on how many nodes. */
class AtWorkTest {

  private static final Sites SITES = new Sites(List.of(TestSites.unreachable("hpc")));
  private static final ClusterRequest TWO_NODES_A_WORKER_JOB =
      request(Map.of("workerJob", "{\"Resources\": {\"Nodes\": 2}}"));

  private static ClusterRequest request(Map<String, Object> variables) {
    return ClusterRequest.read(variables, SITES).value();
  }

  @Test
  void nothingRunsOfAClusterThatIsPlannedOrQueues() {
    Cluster planned = Cluster.planned("e1-c1", "hpc");
    Cluster queued =
        planned
            .withScheduler(SchedulerJob.wanted())
            .withWorkers(List.of(Situation.worker(1, Status.QUEUED)));

    assertThat(AtWork.of(planned)).isEqualTo(new AtWork(false, false, 0, 0, 0));
    assertThat(AtWork.of(queued)).isEqualTo(new AtWork(false, false, 0, 0, 1));
    assertThat(AtWork.of(queued).nodes(TWO_NODES_A_WORKER_JOB)).isZero();
  }

  @Test
  void jobsThatRunHaveTheNodesThatAreAskedForThem() {
    AtWork atWork =
        AtWork.of(
            running(Situation.worker(1, Status.RUNNING), Situation.worker(2, Status.CONNECTED)));

    assertThat(atWork.workerJobs()).isEqualTo(2);
    assertThat(atWork.nodes(TWO_NODES_A_WORKER_JOB)).isEqualTo(5);
    assertThat(atWork.nodes(request(Map.of()))).isEqualTo(3);
  }

  @Test
  void aJobThatIsLostOrOverRunsNoMore() {
    Cluster cluster =
        running(
            Situation.worker(1, Status.LOST),
            Situation.worker(2, Status.CONNECTED).ended(),
            Situation.worker(3, Status.CONNECTED).in(Status.RETIRING));

    assertThat(AtWork.of(cluster).workerJobs()).isEqualTo(1);
    assertThat(AtWork.of(cluster).nodes(request(Map.of()))).isEqualTo(2);
  }

  @Test
  void anAllocationOfItsOwnCountsInsteadOfItsJobsAndSomebodyElsesDoesNot() {
    Cluster cluster = running(Situation.worker(1, Status.CONNECTED));
    AtWork inOwn = AtWork.of(cluster.withAllocation(AllocationJob.wanted()));
    AtWork inAnothers =
        AtWork.of(
            cluster.withAllocation(
                AllocationJob.somebodyElses(URI.create("https://hpc.example.org/jobs/1"))));

    assertThat(inOwn.nodes(request(Map.of("allocation", "{\"Resources\": {\"Nodes\": 7}}"))))
        .isEqualTo(7);
    assertThat(
            inAnothers.nodes(
                request(
                    Map.of(
                        "allocation",
                        TestSites.unreachable("hpc").url(URI.create("jobs/1")).toString()))))
        .isZero();
  }

  private static Cluster running(WorkerJob... workers) {
    return Cluster.planned("e1-c1", "hpc")
        .withScheduler(SchedulerJob.wanted().withForwarding(URI.create("forward")))
        .withWorkers(List.of(workers));
  }
}
