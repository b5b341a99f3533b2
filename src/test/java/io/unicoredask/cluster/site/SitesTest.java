package io.unicoredask.cluster.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.FakeSite;
import io.unicoredask.cluster.TestSites;
import io.unicoredask.unicore.SiteOffer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is configured of sites, and what is asked of them. */
class SitesTest {

  @Test
  void aSiteIsThereUnderItsName() {
    Sites sites = new Sites(List.of(TestSites.unreachable("b"), TestSites.unreachable("a")));

    assertThat(sites.names()).containsExactly("a", "b");
    assertThat(sites.get("b").unicore().name()).isEqualTo("b");
  }

  @Test
  void aNameIsGivenOnce() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(
            () -> new Sites(List.of(TestSites.unreachable("a"), TestSites.unreachable("a"))))
        .withMessage("two sites are named 'a'");
  }

  @Test
  void aSiteThatIsNotConfiguredAnyMoreIsSaidToBeMissingWithTheRemedy() {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> new Sites(List.of(TestSites.unreachable("a"))).get("b"))
        .withMessageContainingAll("site 'b'", "configured are [a]", "unicore-dask.sites");
  }

  @Test
  void whatPeopleSeeOfAUrlIsAllOfIt() {
    assertThat(TestSites.unreachable("hpc").url(URI.create("jobs/1")))
        .hasToString("https://hpc.example.org/HPC/rest/core/jobs/1");
  }

  // Defaults and limits

  @Test
  void aTemplateThatIsTheDefaultIsThere() {
    Map<String, ObjectNode> templates = Map.of("big", JsonNodeFactory.instance.objectNode());

    assertThatNoException()
        .isThrownBy(() -> new SiteDefaults(null, null, null, null, "big", null, templates));
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new SiteDefaults(null, null, null, null, null, "small", templates))
        .withMessage("there is no job template 'small'; there are [big]");
  }

  @ParameterizedTest
  @CsvSource({
    "-1, , , workers = -1; allowed is a whole number from 0",
    ", -5, , jobs = -5; allowed is a whole number from 0",
    ", , PT0S, lifetime = PT0S; allowed is a duration longer than zero",
    ", , PT-1S, lifetime = PT-1S; allowed is a duration longer than zero"
  })
  void aLimitThatCannotBeRightIsNamed(
      Integer workers, Integer jobs, Duration lifetime, String message) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new SiteLimits(workers, jobs, lifetime))
        .withMessage(message);
  }

  @Test
  void aQuotaOrAnArgumentThatCannotBeRightIsNamed() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new Quota(null, null, null, -1))
        .withMessage("node-hours = -1; allowed is a whole number from 0");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> SiteLimits.NONE.withArguments(Set.of("--jupiter")))
        .withMessageStartingWith(
            "arguments = [--jupiter]; allowed are [--jupyter, --preload, --preload-nanny]");
  }

  @Test
  void noWorkersAtAllMayBeTheLimit() {
    assertThatNoException().isThrownBy(() -> new SiteLimits(0, 0, Duration.ofNanos(1)));
  }

  // What a site offers

  @Test
  void whatASiteOffersIsAskedForWhenItIsFirstNeededAndRemembered() {
    FakeSite site = new FakeSite("hpc");
    site.offers("batch");
    SiteCatalogue catalogue = new SiteCatalogue(site);

    assertThat(catalogue.offer().orElseThrow().queues()).containsExactly("batch");
    site.offers("other");
    assertThat(catalogue.offer().orElseThrow().queues()).containsExactly("batch");
  }

  @Test
  void whoIsNotContentIsGivenANewerOne() {
    FakeSite site = new FakeSite("hpc");
    SiteCatalogue catalogue = new SiteCatalogue(site);
    Optional<SiteOffer> before = catalogue.offer();
    site.offers("new");

    assertThat(catalogue.newer(before).orElseThrow().queues()).containsExactly("new");
    site.offers("newest");
    assertThat(catalogue.newer(before).orElseThrow().queues())
        .as("somebody else has asked since")
        .containsExactly("new");
  }

  @Test
  void aSiteThatCannotSayOffersNothingAndIsNoError() {
    FakeSite site = new FakeSite("hpc");
    site.refuses("offer", 503);

    assertThat(new SiteCatalogue(site).offer()).isEmpty();
  }

  @Test
  void anErrorOfOurOwnIsNotTakenForASiteThatCannotSay() {
    FakeSite site = new FakeSite("hpc");
    site.next(
        "offer",
        () -> {
          throw new IllegalStateException("meant to fail");
        });

    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> new SiteCatalogue(site).offer());
  }
}
