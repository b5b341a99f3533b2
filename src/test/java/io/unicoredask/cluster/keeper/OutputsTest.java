package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.job;
import static io.unicoredask.cluster.keeper.Situation.worker;
import static io.unicoredask.cluster.keeper.Situation.workers;
import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.keeper.WorkerJob.Status;
import io.unicoredask.cluster.request.TunnelKind;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which variables follow from a cluster's record. */
class OutputsTest {

  @Test
  void ofAClusterOfWhichNothingExistsThereIsNothingToSay() {
    assertThat(of(Situation.of()))
        .isEqualTo(
            Map.of(
                "workerJobUrls",
                new Writing.Json("[]"),
                "workerJobStatus",
                new Writing.Json("{}"),
                "workerJobs",
                new Writing.Json("{}")));
  }

  @Test
  void aWarningGoesWithTheSchedulerThatItWasAbout() {
    Situation warned = Situation.of().with(one -> one.warnedOf("no bokeh"));
    assertThat(of(warned)).containsEntry("clusterWarning", "no bokeh");

    assertThat(of(warned.with(one -> one.with().warnings(List.of()).restarts(1).build())))
        .containsEntry("clusterWarning", null);
  }

  @Test
  void urlsAreWhole() {
    Situation situation =
        Situation.of()
            .submitted()
            .workers(workers(2, Status.QUEUED))
            .with(one -> one.withAllocation(AllocationJob.wanted().submitted(job("allocation"))));

    assertThat(of(situation))
        .containsEntry("allocationUrl", "https://hpc/jobs/allocation")
        .containsEntry("schedulerJobUrl", "https://hpc/jobs/scheduler")
        .containsEntry(
            "workerJobUrls",
            new Writing.Json("[\"https://hpc/jobs/worker-1\",\"https://hpc/jobs/worker-2\"]"));
  }

  @Test
  void jobsThatAreNotKnownToBeSubmittedHaveNoUrlAndNoStatus() {
    Situation situation =
        Situation.of()
            .with(
                one ->
                    one.with()
                        .scheduler(SchedulerJob.wanted())
                        .allocation(AllocationJob.wanted())
                        .build())
            .workers(worker(1, Status.WANTED), worker(2, Status.RUNNING));

    assertThat(of(situation))
        .doesNotContainKeys("schedulerJobUrl", "allocationUrl")
        .containsEntry("workerJobStatus", new Writing.Json("{\"worker-2\":\"RUNNING\"}"));
  }

  @Test
  void jobsThatAreOverHaveAUrlAndNoStatus() {
    Situation situation =
        Situation.of().workers(worker(1, Status.CONNECTED).ended(), worker(2, Status.CONNECTED));

    assertThat(of(situation))
        .containsEntry("workerJobStatus", new Writing.Json("{\"worker-2\":\"CONNECTED\"}"));
    assertThat(of(situation).get("workerJobUrls").toString()).contains("worker-1");
  }

  @Test
  void ofMoreThanAThousandJobsTheNewestAreListed() {
    Map<String, Object> outputs = of(Situation.of().workers(workers(1200, Status.QUEUED)));

    assertThat(((Writing.Json) outputs.get("workerJobUrls")).text())
        .contains("worker-201\"", "worker-1200\"")
        .doesNotContain("worker-200\"");
    assertThat(((Writing.Json) outputs.get("workerJobStatus")).text())
        .contains("\"worker-201\"")
        .doesNotContain("\"worker-200\"");
  }

  @Test
  void theAddressIsSaidWhenTheSchedulerHasSpoken() {
    assertThat(of(Situation.of().listens().with(one -> one.withLocalPort(4322))))
        .doesNotContainKey("schedulerAddress");
    assertThat(of(Situation.of().reachable()))
        .containsEntry("schedulerAddress", "tcp://127.0.0.1:4322")
        .doesNotContainKey("dashboardUrl");
  }

  @Test
  void theDashboardIsSaidWhereSomebodyWantsIt() {
    assertThat(of(Situation.of().reachable().with(one -> one.withLocalDashboardPort(4323))))
        .containsEntry("dashboardUrl", "http://127.0.0.1:4323/status");
  }

  @Test
  void addressesNameTheHostThatOthersReach() {
    Situation situation = Situation.of().reachable().with(one -> one.withLocalDashboardPort(4323));

    assertThat(of(situation, "[2001:db8::1]"))
        .containsEntry("schedulerAddress", "tcp://[2001:db8::1]:4322")
        .containsEntry("dashboardUrl", "http://[2001:db8::1]:4323/status");
  }

  @Test
  void theWayIsSaidWhenItIsKnown() {
    Situation open = Situation.of().reachable().with(one -> one.withTunnel(TunnelKind.AUTO));
    assertThat(of(open)).doesNotContainKey("tunnelInUse");
    assertThat(of(open.with(one -> one.withTunnel(TunnelKind.DIRECT))))
        .containsEntry("tunnelInUse", "direct");
  }

  @Test
  void warningsAreALineEach() {
    assertThat(of(Situation.of().with(one -> one.withWarnings(List.of("one", "two")))))
        .containsEntry("clusterWarning", "one\ntwo");
  }

  @Test
  void theWorkersAreCountedWhenTheSchedulerWasAsked() {
    assertThat(of(Situation.of().with(one -> one.withConnectedWorkers(0))))
        .containsEntry("connectedWorkers", 0);
  }

  private static Map<String, Object> of(Situation situation) {
    return of(situation, "127.0.0.1");
  }

  private static Map<String, Object> of(Situation situation, String host) {
    return Outputs.of(situation.cluster(), host, url -> URI.create("https://hpc/" + url));
  }
}
