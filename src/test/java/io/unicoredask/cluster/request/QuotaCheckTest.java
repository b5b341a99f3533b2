package io.unicoredask.cluster.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.TestSites;
import io.unicoredask.cluster.request.QuotaCheck.Owned;
import io.unicoredask.cluster.site.Quota;
import io.unicoredask.cluster.site.RequestBudget;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.SiteDefaults;
import io.unicoredask.cluster.site.SiteLimits;
import io.unicoredask.cluster.site.Sites;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clusters take together, and how much of that is too much. */
class QuotaCheckTest {

  private static final Footprint OTHERS = new Footprint(2, 10, 6, 36_000);
  private static final Owned ALICE = new Owned("alice");

  private static List<String> problems(Quota quota, Footprint wanted) {
    return QuotaCheck.problems("hpc", ALICE, quota, OTHERS, wanted);
  }

  @Test
  void eachLimitThatIsGoneBeyondIsSaidWithWhatSetsItAndWhatIsLeft() {
    assertThat(problems(new Quota(2, 16, 8, 12), new Footprint(1, 7, 3, 7201)))
        .containsExactly(
            "clusters: 1 more are too many; the clusters of the user 'alice' at site 'hpc' may take 2 together (unicore-dask.sites.hpc.limits.per-user.clusters), of which 0 are left",
            "workers: 7 more are too many; the clusters of the user 'alice' at site 'hpc' may take 16 together (unicore-dask.sites.hpc.limits.per-user.workers), of which 6 are left",
            "nodes: 3 more are too many; the clusters of the user 'alice' at site 'hpc' may take 8 together (unicore-dask.sites.hpc.limits.per-user.nodes), of which 2 are left",
            "node-hours: 3 more are too many; the clusters of the user 'alice' at site 'hpc' may take 12 together (unicore-dask.sites.hpc.limits.per-user.node-hours), of which 2 are left");
  }

  @Test
  void whatIsJustLeftMayBeTaken() {
    assertThat(problems(new Quota(3, 16, 8, 12), new Footprint(1, 6, 2, 7200))).isEmpty();
    assertThat(problems(Quota.NONE, new Footprint(1, 1_000_000, 1_000_000, 1L << 40))).isEmpty();
  }

  @Test
  void whatNoMoreIsWantedOfMayBeBeyondALimitThatWasLowered() {
    assertThat(problems(new Quota(1, 1, 1, 1), new Footprint(0, 0, 0, 0))).isEmpty();
  }

  @Test
  void theLimitOfAllIsSaidAsThat() {
    assertThat(
            QuotaCheck.problems(
                "hpc", null, new Quota(2, null, null, null), OTHERS, new Footprint(1, 0, 1, 0)))
        .singleElement()
        .asString()
        .contains("all clusters at site 'hpc'", "unicore-dask.sites.hpc.limits.total.clusters");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          workers=3;lifetime=PT2H                              |  3 | 4 | 28800
          workers=8;processes=3;lifetime=PT1H                  |  9 | 4 | 14400
          jobs=2;processes=4;lifetime=PT1H                     |  8 | 3 | 10800
          adapt={"minimum": 1, "maximum": 5};lifetime=PT1H     |  5 | 6 | 21600
          workers=2;workerJob={"Resources": {"Nodes": "4"}};lifetime=PT1H | 2 | 9 | 32400
          workers=2;schedulerJob={"Resources": {"Nodes": 2}};lifetime=PT1H | 2 | 4 | 14400
          workers=2;allocation={"Resources": {"Nodes": "10"}};lifetime=PT1H | 2 | 10 | 36000
          workers=2;allocation=https://hpc.example.org/HPC/rest/core/jobs/1;lifetime=PT1H | 2 | 0 | 0
          """)
  void aClusterTakesWhatItMayComeToTake(String given, long workers, long nodes, long seconds) {
    assertThat(Footprint.of(ClusterRequest.of(variables(given), sites(SiteLimits.NONE))))
        .isEqualTo(new Footprint(1, workers, nodes, seconds));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          workerJob={"Resources": {"Nodes": "2*8"}}    | workerJob.Resources.Nodes = 2*8 is not allowed; allowed is a whole number, since nodes are counted (unicore-dask.sites.hpc.limits.total)
          schedulerJob={"Resources": {"Nodes": "$N"}}  | schedulerJob.Resources.Nodes = $N is not allowed
          workerJob={"Resources": {"TotalCPUs": "64"}} | workerJob.Resources.TotalCPUs = 64 is not allowed; allowed is Nodes
          workerJob={"Resources": {"ArraySize": "9"}}  | workerJob.Resources.ArraySize = 9 is not allowed
          allocation={"Resources": {"Nodes": "many"}}  | allocation.Resources.Nodes = many is not allowed
          """)
  void whereNodesAreCountedTheyHaveToBeCountable(String given, String problem) {
    Sites counting = sites(SiteLimits.NONE.withTotal(new Quota(null, null, null, 100)));
    assertThatThrownBy(() -> ClusterRequest.of(variables(given), counting))
        .hasMessageContaining(problem);
    assertThat(ClusterRequest.of(variables(given), sites(SiteLimits.NONE))).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          schedulerJob={"Arguments": ["--jupyter"]}                       | without the argument --jupyter
          schedulerJob={"Executable": "dask scheduler --preload=http://x/y.py"} | without the argument --preload
          workerJob={"Arguments": ["--preload", "/tmp/x.py"]}             | without the argument --preload
          workerJob={"Executable": "srun python -m distributed.cli.dask_worker --preload-nanny x"} | without the argument --preload-nanny
          workerJob={"Environment": ["DASK_DISTRIBUTED__WORKER__PRELOAD=x"]} | without DASK_DISTRIBUTED__WORKER__PRELOAD in its Environment
          workerJob={"Environment": {"DASK_DISTRIBUTED__NANNY__PRELOAD": "x"}} | without DASK_DISTRIBUTED__NANNY__PRELOAD in its Environment
          """)
  void whatOpensADoorIsRefusedUnlessTheSiteAllowsIt(String given, String problem) {
    assertThatThrownBy(() -> ClusterRequest.of(variables(given), sites(SiteLimits.NONE)))
        .hasMessageContaining(problem)
        .hasMessageContaining("unicore-dask.sites.hpc.limits.arguments");
    assertThat(
            ClusterRequest.of(
                variables(given), sites(SiteLimits.NONE.withArguments(SiteLimits.DOORS))))
        .isNotNull();
  }

  @Test
  void aTemplateOfTheSiteMayOpenIt() {
    assertThat(
            ClusterRequest.of(Map.of("schedulerJob", "open"), sites(SiteLimits.NONE))
                .schedulerJob()
                .toString())
        .contains("--jupyter");
  }

  private static Map<String, String> variables(String given) {
    return List.of(given.split(";")).stream()
        .map(one -> one.split("=", 2))
        .collect(Collectors.toMap(one -> one[0], one -> one[1]));
  }

  private static Sites sites(SiteLimits limits) {
    SiteDefaults defaults =
        new SiteDefaults(
            null,
            null,
            null,
            null,
            null,
            null,
            Map.of("open", RequestJson.read("{\"Arguments\": [\"--jupyter\"]}", ObjectNode.class)));
    return new Sites(
        List.of(
            new Site(
                TestSites.unreachable("hpc").unicore(),
                null,
                defaults,
                limits,
                new RequestBudget(1))));
  }
}
