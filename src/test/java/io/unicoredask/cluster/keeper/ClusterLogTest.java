package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.NOW;
import static io.unicoredask.cluster.keeper.Situation.execution;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.keeper.WorkerJob.Status;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** What the log says of each step of a cluster that is debugged. */
class ClusterLogTest {

  private final Logger logger = (Logger) LoggerFactory.getLogger("io.unicoredask.debug");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Situation situation = Situation.of().submitted();

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(lines);
  }

  @Test
  void aStepSaysWhoWaitsForWhat() {
    Decision decision = decision(Phase.START_SCHEDULER);
    decision.note("scheduler job QUEUED");

    assertThat(logged(decision, Phase.START_SCHEDULER))
        .containsExactly("Cluster e1-c1 (a name), daskStartScheduler: scheduler job QUEUED");
  }

  @Test
  void jobsThatAreNewAreNamedInFull() {
    Decision decision = decision(Phase.SCALE_WORKERS);
    decision.change(cluster -> cluster.withWorkers(List.of(Situation.workers(2, Status.QUEUED))));

    assertThat(logged(decision, Phase.SCALE_WORKERS))
        .singleElement()
        .asString()
        .endsWith(", new jobs [https://hpc/jobs/worker-1, https://hpc/jobs/worker-2]");
  }

  @Test
  void jobsThatWereThereAreNotNamedAgain() {
    assertThat(logged(decision(Phase.MONITOR), Phase.MONITOR))
        .singleElement()
        .asString()
        .doesNotContain("jobs");
  }

  @Test
  void eachActivityThatWaitsHasALineAndItsOutcome() {
    Decision decision = decision(Phase.SCALE_WORKERS, Phase.MONITOR);
    decision.done(Phase.SCALE_WORKERS);
    decision.fail(Phase.MONITOR, ClusterError.DASK_SCHEDULER_LOST, "out of memory");

    assertThat(logged(decision, Phase.SCALE_WORKERS, Phase.MONITOR))
        .containsExactly(
            "Cluster e1-c1 (a name), daskScaleWorkers: done",
            "Cluster e1-c1 (a name), daskMonitor: failed: out of memory");
  }

  @Test
  void whatRunsBesideTheClustersLifeIsNoStepOfIt() {
    assertThat(logged(decision(Phase.RUN_SCRIPT), Phase.RUN_SCRIPT, Phase.READ_LOGS)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "ALLOCATE, daskAllocate",
    "START_SCHEDULER, daskStartScheduler",
    "AWAIT_SCHEDULER, daskAwaitScheduler",
    "FORWARD_PORTS, daskForwardPorts",
    "SCALE_WORKERS, daskScaleWorkers",
    "MONITOR, daskMonitor",
    "RESTART, daskRestart",
    "TEAR_DOWN, daskTeardown",
    "RUN_SCRIPT, daskRunScript"
  })
  void activitiesAreCalledAsInTheModel(Phase phase, String name) {
    assertThat(ClusterLog.activity(phase)).isEqualTo(name);
  }

  private List<String> logged(Decision decision, Phase... phases) {
    new ClusterLog("e1-c1")
        .step(
            demand(phases), situation.cluster(), decision, url -> URI.create("https://hpc/" + url));
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private Decision decision(Phase... phases) {
    return new Decision(situation.cluster(), demand(phases), Recollection.NONE);
  }

  private Demand demand(Phase... phases) {
    return new Demand(
        "a name",
        situation.request(),
        Arrays.stream(phases)
            .map(phase -> new Waiting(execution(phase), phase, NOW, true))
            .toList(),
        false);
  }
}
