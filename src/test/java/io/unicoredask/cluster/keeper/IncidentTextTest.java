package io.unicoredask.cluster.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchRuntimeException;

import io.unicoredask.cluster.TestSites;
import io.unicoredask.cluster.identity.HandsOffException;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.dask.SchedulerHttpException;
import io.unicoredask.unicore.UnicoreException;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What incidents begin with, of which people see no more. */
class IncidentTextTest {

  @ParameterizedTest
  @MethodSource
  void anIncidentBeginsWithCauseAndRemedy(Throwable reason, String beginning) {
    assertThat(IncidentText.of(reason)).startsWith(beginning);
  }

  static Stream<Arguments> anIncidentBeginsWithCauseAndRemedy() {
    Site site = TestSites.unreachable("hpc");
    Sites sites = new Sites(List.of(site));
    return Stream.of(
        Arguments.of(
            new UnicoreException(
                "hpc", "GET", URI.create("jobs"), 503, true, "it is down. Try again later", null),
            "It is down. Try again later (site 'hpc', GET jobs: HTTP 503)"),
        Arguments.of(
            new SchedulerHttpException("no relay; start another cluster"),
            "The Dask scheduler cannot be asked: no relay; start another cluster"),
        Arguments.of(
            new HandsOffException("This engine's database is a copy. Shut it down", false),
            "This engine's database is a copy. Shut it down"),
        Arguments.of(
            catchRuntimeException(() -> sites.get("gone")),
            "Site 'gone' is not configured (any more); configured are [hpc]. Add it again under"
                + " unicore-dask.sites"),
        Arguments.of(
            catchRuntimeException(() -> site.as("ada")),
            "The jobs of this cluster belong to the user 'ada', whose credential for site 'hpc' is"
                + " not configured (any more). Set unicore-dask.sites.hpc.identity"),
        Arguments.of(
            new NullPointerException(),
            "An error that nobody has foreseen. Look into the log of this node"));
  }
}
