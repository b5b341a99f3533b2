package io.unicoredask.cluster.sweep;

import static io.unicoredask.TestSite.ALICE;
import static io.unicoredask.TestSite.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.TestSite;
import io.unicoredask.cluster.identity.Permit;
import io.unicoredask.cluster.keeper.Cluster;
import io.unicoredask.cluster.keeper.ClusterIdentity;
import io.unicoredask.cluster.keeper.JobTags;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.localsite.LocalJob;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The accounts of those who have had clusters are searched, and no others. */
class UserSweepsTest {

  private static final Duration HOUR = Duration.ofHours(1);

  private final Site site = TestSite.usedUnderOwnNames();
  private final String installation = UUID.randomUUID().toString().substring(0, 8);
  private final KeptAccounts accounts = new KeptAccounts();
  private final Map<URI, String> submitted = new HashMap<>();
  private Instant now = Instant.now();
  private final UserSweeps sweeps = sweeps();

  private UserSweeps sweeps() {
    return new UserSweeps(
        site,
        seen ->
            new SiteSweep(seen.unicore(), installation, Duration.ZERO, Permit.ALWAYS, () -> now),
        accounts,
        () -> now);
  }

  @AfterEach
  void endWhatIsLeft() {
    submitted.forEach((job, user) -> site.as(user).unicore().abort(job));
  }

  @Test
  void whatOneHasLeftIsFoundWhileTheyHaveAClusterAndAfterwardsByAnotherNodeToo() {
    URI left = submit(ALICE, "gone");
    sweeps.round(new KnownClusters(List.of(cluster(ALICE, "living"))));
    awaitEnded(left);
    assertThat(accounts.users("local")).containsExactly(ALICE);

    URI later = submit(ALICE, "living");
    sweeps().round(new KnownClusters(List.of()));
    awaitEnded(later);
  }

  @Test
  void ofWhomNothingIsLeftIsForgotten() {
    Cluster living = cluster(ALICE, "living");
    sweeps.round(new KnownClusters(List.of(living)));
    sweeps.round(new KnownClusters(List.of()));
    assertThat(accounts.users("local")).containsExactly(ALICE);

    now = now.plus(HOUR);
    sweeps.round(new KnownClusters(List.of()));
    assertThat(accounts.users("local")).isEmpty();
  }

  @Test
  void theAccountOfSomebodyWhoHasHadNoClusterIsNotLookedAt() {
    URI bobs = submit(BOB, "gone");
    for (int i = 0; i < 2; i++) {
      sweeps.round(new KnownClusters(List.of(cluster(ALICE, "living"))));
      now = now.plus(HOUR);
    }
    assertThat(job(bobs).status()).doesNotMatch("FAILED|SUCCESSFUL");
  }

  @Test
  void whoseCredentialIsNoGoodKeepsNobodyElseFromBeingLookedAtAndIsNotAskedForAllTheTime()
      throws IOException {
    URI bobs = submit(BOB, "gone");
    Path password = TestSite.site().passwordFile(ALICE);
    String right = Files.readString(password);
    Files.delete(password);
    try {
      sweeps.round(new KnownClusters(List.of(cluster(ALICE, "alices"), cluster(BOB, "bobs"))));
    } finally {
      Files.writeString(password, right);
    }
    awaitEnded(bobs);
    assertThat(sweeps.isSettled()).isFalse();
    await()
        .until(
            () -> {
              sweeps.round(
                  new KnownClusters(List.of(cluster(ALICE, "alices"), cluster(BOB, "bobs"))));
              return sweeps.isSettled();
            });
    assertThat(accounts.users("local")).containsExactly(ALICE, BOB);
  }

  private Cluster cluster(String user, String name) {
    return Cluster.planned(installation + "-" + name, "local", user, ClusterIdentity.INITIATOR);
  }

  private LocalJob job(URI url) {
    return TestSite.site().jobs().stream()
        .filter(job -> url.toString().endsWith(job.id()))
        .findFirst()
        .orElseThrow();
  }

  private void awaitEnded(URI url) {
    await().untilAsserted(() -> assertThat(job(url).status()).isEqualTo("FAILED"));
  }

  private URI submit(String user, String name) {
    ObjectNode job = new ObjectMapper().createObjectNode().put("Executable", "sleep 600");
    String ofCluster = "dask-cluster-" + installation + "-" + name;
    job.withArray("/Tags")
        .add(JobTags.installation(installation))
        .add(ofCluster)
        .add(ofCluster + "-scheduler");
    URI url = site.as(user).unicore().submit(job);
    submitted.put(url, user);
    return url;
  }
}
