package io.unicoredask.cluster.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.keeper.AllocationJob;
import io.unicoredask.cluster.keeper.Cluster;
import io.unicoredask.cluster.keeper.JobTimes;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which jobs an engine's clusters say are theirs. */
class KnownClustersTest {

  private static final URI JOB = URI.create("jobs/1");

  private final Cluster one = Cluster.planned("e1-one", "hpc").withAllocation(allocation(JOB));
  private final Cluster other =
      Cluster.planned("e1-other", "elsewhere").withAllocation(allocation(URI.create("jobs/2")));
  private final KnownClusters known = new KnownClusters(List.of(one, other));

  @Test
  void jobsAreThoseOfTheClustersAtTheSite() {
    assertThat(known.jobsAt("hpc")).containsExactly(JOB);
    assertThat(known.jobsAt("elsewhere")).containsExactly(URI.create("jobs/2"));
    assertThat(known.jobsAt("nowhere")).isEmpty();
  }

  @Test
  void aJobOfAClusterThatIsNotKnownIsDisowned() {
    assertThat(known.disown("e1-gone", "scheduler", JOB)).isTrue();
  }

  @Test
  void aJobOfAClusterThatIsKnownIsDisownedAsTheClusterSays() {
    assertThat(known.disown("e1-one", "allocation", JOB)).isFalse();
    assertThat(known.disown("e1-one", "allocation", URI.create("jobs/9"))).isTrue();
  }

  private static AllocationJob allocation(URI job) {
    return new AllocationJob(job, true, false, JobTimes.NONE);
  }
}
