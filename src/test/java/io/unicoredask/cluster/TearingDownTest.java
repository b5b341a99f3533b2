package io.unicoredask.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.TestSite;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.SiteDefaults;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.tunnel.TunnelFactory;
import io.unicoredask.tunnel.TunnelSettings;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is ended with a cluster, and when that is done. */
class TearingDownTest {

  private final UnicoreSite site = TestSite.unicore();
  private final TunnelFactory factory = new TunnelFactory(TunnelSettings.defaults());
  private final ClusterActivity<ClusterRequest> tearDown =
      new ClusterActivities(new Sites(List.of(new Site(site, null, SiteDefaults.NONE))), factory)
          .tearDown();

  @AfterEach
  void close() {
    factory.close();
  }

  @Test
  void aJobThatTurnsUpAfterAllSeemedToBeOverIsEndedToo() {
    Cluster cluster = Cluster.planned(UUID.randomUUID() + "-late", site.name());
    Progress begun = tearDown.begin(cluster, () -> null);
    Progress seemsOver = tearDown.look(begun.cluster(), () -> null);
    assertThat(begun.done() || seemsOver.done()).isFalse();

    ObjectNode job = new ObjectMapper().createObjectNode().put("Executable", "sleep 600");
    JobTags.add(job, cluster, "worker-1");
    URI late = site.submit(job);

    Progress found = tearDown.look(seemsOver.cluster(), () -> null);
    assertThat(found.note()).contains("1 jobs aborted");
    await().until(() -> site.job(late).status().isFinished());
    Progress again = tearDown.look(found.cluster(), () -> null);
    assertThat(again.done()).isFalse();
    assertThat(tearDown.look(again.cluster(), () -> null).done()).isTrue();
  }
}
