package io.unicoredask.cluster.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.dask.SchedulerFile;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is known of a scheduler when it has written where it listens. */
class SchedulerJobTest {

  @ParameterizedTest
  @CsvSource({
    "tcp://node1:8786, node1",
    "tls://node1.example.org:40001, node1.example.org",
    "tcp://10.0.0.1:8786, 10.0.0.1",
    "'tcp://[fe80::1]:8786', fe80::1"
  })
  void itsAddressAtTheSiteIsTheOneItWrote(String address, String host) {
    SchedulerJob listening = SchedulerJob.wanted().listening(file(address));

    assertThat(listening.host()).isEqualTo(host);
    assertThat(listening.addressAtSite()).isEqualTo(address);
    assertThat(listening.isListening()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tcp://127.0.0.1:8786",
        "tls://127.0.1.1:40001",
        "tcp://localhost:1",
        "tcp://[::1]:1"
      })
  void oneThatOnlyItsOwnNodeReachesIsHintedAt(String address) {
    assertThat(SchedulerJob.wanted().listening(file(address)).reachHint())
        .contains("listens at " + address + ",")
        .contains("--interface or --host of schedulerJob");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp://10.127.0.1:8786", "tcp://node127:8786", "tcp://[fe80::1]:8786"})
  void oneThatOthersReachIsNot(String address) {
    assertThat(SchedulerJob.wanted().listening(file(address)).reachHint()).isEmpty();
    assertThat(SchedulerJob.wanted().reachHint()).isEmpty();
  }

  @Test
  void itListensWhenItHasWrittenAnAddress() {
    assertThat(SchedulerJob.wanted().isListening()).isFalse();
  }

  @Test
  void whatIsKnownOfItsJobStays() {
    SchedulerJob job =
        SchedulerJob.wanted()
            .with()
            .job(URI.create("jobs/1"))
            .directory("/scratch/1/")
            .forwarding(URI.create("jobs/1/forward-port"))
            .build()
            .listening(file("tcp://node1:8786"));

    assertThat(job.job()).hasToString("jobs/1");
    assertThat(job.forwarding()).hasToString("jobs/1/forward-port");
    assertThat(job.schedulerFile()).isEqualTo("/scratch/1/dask.json");
    assertThat(job.dashboardPort()).isEqualTo(8787);
    assertThat(job.schedulerId()).isEqualTo("id");
  }

  private static SchedulerFile file(String address) {
    return new SchedulerFile("id", URI.create(address), 8787, Situation.NOW);
  }
}
