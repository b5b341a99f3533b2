package io.unicoredask.cluster.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.SiteDefaults;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.unicore.SiteOffer;
import io.unicoredask.unicore.UnicoreException;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is refused because the site does not have it. */
class OfferCheckTest {

  private static final URI BASE = URI.create("https://hpc.example.org/HPC/rest/core");
  private static final Set<String> QUEUES = Set.of("slow", "batch");
  private static final Set<String> APPLICATIONS = Set.of("dask-worker", "dask-scheduler", "Date");

  private final UnicoreSite unicore = mock(UnicoreSite.class);
  private final Map<String, Object> variables = new HashMap<>();
  private Cluster cluster = Cluster.planned("e1", "hpc");
  private Site site = new Site(unicore, null, SiteDefaults.NONE);

  @BeforeEach
  void offerTwoQueuesAndDask() {
    when(unicore.name()).thenReturn("hpc");
    when(unicore.baseUrl()).thenReturn(BASE);
    when(unicore.offer()).thenReturn(new SiteOffer(QUEUES, APPLICATIONS));
  }

  @Test
  void whatTheSiteHasIsAllowed() {
    variables.put("queue", "batch");
    variables.put("workers", 2);

    assertThatCode(this::beforeScheduler).doesNotThrowAnyException();
    assertThatCode(this::beforeWorkers).doesNotThrowAnyException();
  }

  @Test
  void aQueueTheSiteDoesNotHaveIsRefusedOnceForAllJobs() {
    variables.put("queue", "bacth");
    variables.put("workers", 2);

    assertThatThrownBy(this::beforeScheduler)
        .isInstanceOfSatisfying(
            ClusterException.class,
            e -> assertThat(e.error()).isEqualTo(ClusterError.DASK_INVALID_REQUEST))
        .hasMessage(
            "queue = bacth is not allowed; allowed are the queues of site 'hpc', [batch, slow]");
  }

  @Test
  void aQueueOfADescriptionIsNamedWithTheDescription() {
    variables.put("workers", 2);
    variables.put("schedulerJob", "{\"Resources\": {\"Queue\": \"slwo\"}}");
    variables.put("workerJob", "{\"Resources\": {\"Queue\": \"bacth\"}}");

    assertThatThrownBy(this::beforeScheduler)
        .hasMessageContaining("schedulerJob, Resources.Queue = slwo is not allowed")
        .hasMessageContaining("workerJob, Resources.Queue = bacth is not allowed");
  }

  @Test
  void aQueueOfTheConfigurationIsNamedWithItsProperty() {
    site =
        new Site(
            unicore, null, new SiteDefaults("closed-down", null, null, null, null, null, Map.of()));

    assertThatThrownBy(this::beforeScheduler)
        .hasMessageStartingWith("unicore-dask.sites.hpc.queue = closed-down is not allowed");
  }

  @Test
  void anApplicationTheSiteDoesNotHaveIsRefused() {
    variables.put("schedulerJob", "{\"ApplicationName\": \"dask-shceduler\"}");

    assertThatThrownBy(this::beforeScheduler)
        .hasMessage(
            "schedulerJob, ApplicationName = dask-shceduler is not allowed; allowed are the"
                + " applications of site 'hpc', [Date, dask-scheduler, dask-worker]");
  }

  @Test
  void aSiteWithoutDaskIsToldFromATypo() {
    when(unicore.offer()).thenReturn(new SiteOffer(QUEUES, Set.of("Date")));

    assertThatThrownBy(this::beforeScheduler)
        .hasMessageStartingWith(
            "schedulerJob, ApplicationName (the default; give another, or an Executable) ="
                + " dask-scheduler is not allowed");
  }

  @Test
  void aTypoInTheWorkersDescriptionCostsNoScheduler() {
    variables.put("workers", 1);
    variables.put("workerJob", "{\"ApplicationName\": \"dask-wroker\"}");

    assertThatThrownBy(this::beforeScheduler)
        .hasMessageStartingWith("workerJob, ApplicationName = dask-wroker is not allowed");
    assertThatThrownBy(this::beforeWorkers)
        .hasMessageStartingWith("workerJob, ApplicationName = dask-wroker is not allowed");
  }

  @Test
  void noWorkersNeedNoApplication() {
    when(unicore.offer()).thenReturn(new SiteOffer(QUEUES, Set.of("dask-scheduler")));
    variables.put("workers", 0);

    assertThatCode(this::beforeScheduler).doesNotThrowAnyException();
  }

  @Test
  void anExecutableNeedsNoApplication() {
    when(unicore.offer()).thenReturn(new SiteOffer(QUEUES, Set.of("Date")));
    variables.put(
        "schedulerJob", "{\"Executable\": \"dask-scheduler\", \"ApplicationName\": null}");

    assertThatCode(this::beforeScheduler).doesNotThrowAnyException();
  }

  @Test
  void anAllocationIsCheckedTogetherWithTheJobsInItWhichHaveNoQueue() {
    variables.put("workers", 1);
    variables.put("allocation", "{\"Resources\": {\"Queue\": \"bacth\"}}");
    variables.put("schedulerJob", "{\"Resources\": {\"Queue\": \"nowhere\"}}");
    variables.put("workerJob", "{\"ApplicationName\": \"dask-wroker\"}");

    assertThatThrownBy(() -> OfferCheck.beforeAllocation(request(), site))
        .hasMessageContaining("allocation, Resources.Queue = bacth is not allowed")
        .hasMessageContaining("workerJob, ApplicationName = dask-wroker is not allowed")
        .hasMessageNotContaining("nowhere");
  }

  @Test
  void jobsInAnAllocationHaveNoQueueOfTheirOwn() {
    cluster = cluster.withAllocation(AllocationJob.somebodyElses(URI.create(BASE + "/jobs/1")));
    variables.put("queue", "bacth");
    variables.put("workers", 1);

    assertThatCode(this::beforeScheduler).doesNotThrowAnyException();
    assertThatCode(this::beforeWorkers).doesNotThrowAnyException();
  }

  @Test
  void whatTheSiteDoesNotTellIsNotChecked() {
    when(unicore.offer()).thenReturn(new SiteOffer(Set.of(), Set.of()));
    variables.put("queue", "hidden");

    assertThatCode(this::beforeScheduler).doesNotThrowAnyException();
  }

  @Test
  void aSiteThatCannotTellStopsNothing() {
    when(unicore.offer())
        .thenThrow(new UnicoreException("hpc", "GET", BASE, 503, true, "not now", null));
    variables.put("queue", "bacth");

    assertThatCode(this::beforeScheduler).doesNotThrowAnyException();
    assertThatCode(this::beforeScheduler).doesNotThrowAnyException();
    verify(unicore).offer();
  }

  @Test
  void theSiteIsAskedOnceForManyClusters() {
    for (int i = 0; i < 100; i++) {
      beforeScheduler();
    }

    verify(unicore).offer();
  }

  @Test
  void aNewQueueWorksAtOnce() {
    beforeScheduler();
    when(unicore.offer()).thenReturn(new SiteOffer(Set.of("batch", "new"), APPLICATIONS));
    variables.put("queue", "new");

    assertThatCode(this::beforeScheduler).doesNotThrowAnyException();
    verify(unicore, times(2)).offer();
  }

  private void beforeScheduler() {
    OfferCheck.beforeScheduler(request(), site, cluster);
  }

  private void beforeWorkers() {
    OfferCheck.beforeWorkers(request(), site, cluster);
  }

  private ClusterRequest request() {
    variables.put("site", "hpc");
    return ClusterRequest.of(variables, new Sites(List.of(site)));
  }
}
