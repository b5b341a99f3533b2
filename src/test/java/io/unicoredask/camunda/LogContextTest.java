package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.unicoredask.localsite.LocalJob;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** What the log's context (MDC) says of the lines of a cluster. */
class LogContextTest extends ProcessTest {

  private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          event.getMDCPropertyMap();
          lines.add(event);
        }
      };

  @BeforeEach
  void listen() {
    appender.start();
    ((Logger) LoggerFactory.getLogger("io.unicoredask")).addAppender(appender);
  }

  @AfterEach
  void listenNoMore() {
    ((Logger) LoggerFactory.getLogger("io.unicoredask")).detachAppender(appender);
  }

  @Test
  void eachLineOfAClustersKeeperSaysWhoseItIs() {
    ProcessInstance cluster = start(Map.of("workers", 2, "debug", true));
    awaitStatus(cluster, "RUNNING");
    String id = id(cluster);

    List<ILoggingEvent> submitted =
        lines.stream()
            .filter(
                line -> line.getFormattedMessage().contains("Cluster %s: submitted".formatted(id)))
            .toList();
    assertThat(submitted)
        .hasSize(3)
        .allSatisfy(
            line ->
                assertThat(line.getMDCPropertyMap())
                    .containsEntry("daskCluster", id)
                    .containsEntry("daskSite", "local")
                    .containsEntry("processInstanceId", cluster.getId())
                    .containsEntry("businessKey", cluster.getBusinessKey()));
    assertThat(submitted)
        .extracting(line -> line.getMDCPropertyMap().get("daskJob"))
        .containsExactlyInAnyOrder("scheduler", "worker-1", "worker-2");
  }

  /** The engine, which the keeper has tell its activities, keeps names of its own there. */
  @Test
  void theLinesAfterTheEngineWasToldSayItStill() {
    ProcessInstance cluster = start(Map.of("workers", 1, "debug", true));
    awaitStatus(cluster, "RUNNING");
    String id = id(cluster);

    List<ILoggingEvent> steps =
        lines.stream()
            .filter(line -> line.getLoggerName().equals("io.unicoredask.debug"))
            .filter(line -> line.getFormattedMessage().contains(id))
            .toList();
    assertThat(steps)
        .hasSizeGreaterThan(3)
        .allSatisfy(
            line ->
                assertThat(line.getMDCPropertyMap())
                    .containsEntry("daskCluster", id)
                    .containsEntry("processInstanceId", cluster.getId())
                    .containsEntry("businessKey", cluster.getBusinessKey()));
  }

  @Test
  void whoCallsTheEngineHasNothingOfItLeft() {
    MDC.clear();
    start(Map.of("queue", "full"));

    assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
  }

  @Test
  void noThreadKeepsIt() {
    ProcessInstance cluster = start(Map.of());
    awaitStatus(cluster, "RUNNING");
    send(cluster, "dask-cluster-teardown", Map.of());
    awaitEnd(cluster);
    lines.clear();
    ProcessInstance next = start(Map.of("debug", true));
    awaitStatus(next, "RUNNING");

    await().atMost(LIMIT).until(() -> !lines.isEmpty());
    assertThat(lines)
        .allSatisfy(
            line ->
                assertThat(line.getMDCPropertyMap()).doesNotContainValue(cluster.getBusinessKey()));
  }

  private String id(ProcessInstance cluster) {
    return jobs(cluster).stream()
        .map(LocalJob::tags)
        .flatMap(List::stream)
        .filter(tag -> tag.endsWith(cluster.getId()))
        .map(tag -> tag.replaceFirst(".*cluster-", ""))
        .findFirst()
        .orElseThrow();
  }
}
