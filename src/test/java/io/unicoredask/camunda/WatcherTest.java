package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unicoredask.cluster.Cluster;
import io.unicoredask.cluster.ClusterActivity;
import io.unicoredask.cluster.Progress;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.unicore.UnicoreException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.runtime.Incident;
import org.camunda.bpm.engine.runtime.Job;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ConfigurableApplicationContext;

/** Waiting survives restarts of this process and outages of the site. */
class WatcherTest extends ProcessTest {

  private static final Flaky FLAKY = new Flaky();

  @Autowired ConfigurableApplicationContext context;
  @Autowired DaskRuntime runtime;

  @BeforeEach
  void deployAProcessThatWaits() {
    if (!context.getBeanFactory().containsSingleton("daskFlaky")) {
      context
          .getBeanFactory()
          .registerSingleton(
              "daskFlaky", new ClusterActivityDelegate("daskFlaky", FLAKY, runtime) {});
    }
    FLAKY.refusal = null;
    FLAKY.outage = null;
    FLAKY.begins = 0;
    FLAKY.done = false;
    repositoryService
        .createDeployment()
        .enableDuplicateFiltering(false)
        .addModelInstance(
            "flaky.bpmn",
            Bpmn.createExecutableProcess("flaky")
                .camundaHistoryTimeToLiveString("P1D")
                .startEvent()
                .serviceTask("wait")
                .camundaDelegateExpression("${daskFlaky}")
                .camundaAsyncBefore()
                .boundaryEvent()
                .timerWithDuration("PT1H")
                .endEvent()
                .moveToActivity("wait")
                .endEvent()
                .done())
        .deploy();
  }

  @Test
  void whatBeganToWaitWhileNobodyLookedIsFoundAtTheNextStart() {
    runtime.close();
    try {
      ProcessInstance cluster = start(Map.of());
      await().atMost(LIMIT).until(() -> !jobs(cluster).isEmpty());
      assertThat(variable(cluster, "clusterStatus")).isEqualTo("PENDING");

      runtime.start();
      awaitStatus(cluster, "RUNNING");
    } finally {
      runtime.start();
    }
  }

  @Test
  void aShortOutageIsNoFailureAndNoIncident() {
    FLAKY.outage = outage(true);
    ProcessInstance instance = startFlaky();
    await().atMost(LIMIT).until(() -> FLAKY.looks > 1);
    assertThat(incidents(instance)).isEmpty();

    FLAKY.done = true;
    FLAKY.outage = null;
    awaitEnd(instance);
    BpmnAwareTests.assertThat(instance).hasPassed("wait");
  }

  @Test
  void anOutageThatLastsIsAnIncidentThatGoesByItself() {
    FLAKY.outage = outage(true);
    ProcessInstance instance = startFlaky();
    await().atMost(LIMIT).until(() -> incidents(instance).size() == 1);
    assertThat(incidents(instance).get(0).getIncidentMessage())
        .contains("site 'hpc'")
        .contains("GET https://hpc.example.org/x")
        .contains("ask its administrators");

    FLAKY.outage = null;
    await().atMost(LIMIT).until(() -> incidents(instance).isEmpty());
    BpmnAwareTests.assertThat(instance).isWaitingAt("wait");

    FLAKY.done = true;
    awaitEnd(instance);
  }

  @Test
  void aSuspendedInstanceGoesOnWithoutAnIncidentWhenItIsActivated() {
    ProcessInstance instance = startFlaky();
    await().atMost(LIMIT).until(() -> FLAKY.looks > 0);
    await()
        .atMost(LIMIT)
        .ignoreException(OptimisticLockingException.class)
        .untilAsserted(() -> runtimeService.suspendProcessInstanceById(instance.getId()));
    FLAKY.done = true;
    int looks = FLAKY.looks;
    await().atMost(LIMIT).until(() -> FLAKY.looks > looks + 2);
    assertThat(isOver(instance)).isFalse();
    assertThat(incidents(instance)).isEmpty();

    runtimeService.activateProcessInstanceById(instance.getId());
    awaitEnd(instance);
  }

  @Test
  void whatCannotPassByItselfIsAnIncidentAtOnce() {
    FLAKY.outage = outage(false);
    ProcessInstance instance = startFlaky();

    await().atMost(LIMIT).until(() -> FLAKY.looks > 0 && !incidents(instance).isEmpty());
    assertThat(FLAKY.looks).as("looks before the incident").isLessThan(4);
  }

  @Test
  void aJobThatCannotSucceedIsAnIncidentAtOnceAndGoesOnWhenRetried() {
    FLAKY.refusal = outage(false);
    ProcessInstance instance = startFlaky();
    await()
        .atMost(LIMIT)
        .until(() -> runtimeService.createIncidentQuery().incidentType("failedJob").count() == 1);
    Job job =
        managementService
            .createJobQuery()
            .processInstanceId(instance.getId())
            .noRetriesLeft()
            .singleResult();
    assertThat(job.getExceptionMessage()).contains("site 'hpc'");
    assertThat(FLAKY.begins).isEqualTo(1);

    FLAKY.refusal = null;
    FLAKY.done = true;
    managementService.setJobRetries(job.getId(), 1);
    awaitEnd(instance);
  }

  @Test
  void aJobThatMaySucceedLaterIsRepeatedByTheEngine() {
    FLAKY.refusal = outage(true);
    ProcessInstance instance = startFlaky();
    await().atMost(LIMIT).until(() -> FLAKY.begins > 1);

    FLAKY.refusal = null;
    FLAKY.done = true;
    await().atMost(LIMIT).until(() -> retried(instance));
  }

  @Test
  void whatFailedForLongIsRepeatedOnceWhenItsSiteAnswersAndAgainAfterTheNextOutage() {
    FLAKY.refusal = outage(false);
    ProcessInstance instance = startFlaky();
    await().atMost(LIMIT).until(() -> failed(instance) == 1);
    OutageRetries retries = new OutageRetries(managementService);

    retries.round(Set.of("hpc"));
    await().atMost(LIMIT).until(() -> FLAKY.begins == 2 && failed(instance) == 1);
    retries.round(Set.of("hpc"));
    assertThat(failed(instance)).as("repeated though nothing changed").isEqualTo(1);
    retries.round(Set.of());
    assertThat(failed(instance)).as("repeated though the site is away").isEqualTo(1);

    FLAKY.refusal = null;
    FLAKY.done = true;
    retries.round(Set.of("hpc"));
    awaitEnd(instance);
    assertThat(FLAKY.begins).isEqualTo(3);
  }

  @Test
  void whatAnOutageMadeFailIsNotRepeatedByAllAtTheSameMoment() {
    ProcessInstance instance = startFlaky();
    String job =
        await()
            .atMost(LIMIT)
            .until(
                () -> managementService.createJobQuery().timers().singleResult(), Objects::nonNull)
            .getId();
    Instant due = Instant.now().plus(Duration.ofHours(10));

    assertThat(dueAfter(new IllegalStateException(), job, due)).isEqualTo(Date.from(due));
    assertThat(dueAfter(outage(true), job, due))
        .isNotEqualTo(Date.from(due))
        .isBetween(
            Date.from(due.minus(Duration.ofHours(2))),
            Date.from(due.plus(Duration.ofHours(2).plusMinutes(1))));
    FLAKY.done = true;
    awaitEnd(instance);
  }

  /** When a job is due after this failure, which the engine would have repeated then. */
  private Date dueAfter(RuntimeException failure, String jobId, Instant due) {
    FailedJobs failedJobs =
        new FailedJobs(
            (job, exception) ->
                context -> {
                  context.getJobManager().findJobById(job).setDuedate(Date.from(due));
                  return null;
                });
    ((ProcessEngineConfigurationImpl) engine.getProcessEngineConfiguration())
        .getCommandExecutorTxRequired()
        .execute(failedJobs.getCommand(jobId, failure));
    return managementService.createJobQuery().jobId(jobId).singleResult().getDuedate();
  }

  /** Whether it is over; else what has used up its retries meanwhile gets one more. */
  private boolean retried(ProcessInstance instance) {
    managementService
        .createJobQuery()
        .processInstanceId(instance.getId())
        .messages()
        .noRetriesLeft()
        .list()
        .forEach(
            job -> {
              try {
                managementService.setJobRetries(job.getId(), 1);
              } catch (ProcessEngineException e) {
                // it is just being repeated
              }
            });
    return isOver(instance);
  }

  private long failed(ProcessInstance instance) {
    return managementService
        .createJobQuery()
        .processInstanceId(instance.getId())
        .noRetriesLeft()
        .count();
  }

  private ProcessInstance startFlaky() {
    return runtimeService.startProcessInstanceByKey("flaky", Map.of("site", "local"));
  }

  private List<Incident> incidents(ProcessInstance instance) {
    return runtimeService
        .createIncidentQuery()
        .processInstanceId(instance.getId())
        .incidentType(Outage.INCIDENT_TYPE)
        .list();
  }

  private static UnicoreException outage(boolean retryable) {
    return new UnicoreException(
        "hpc",
        "GET",
        URI.create("https://hpc.example.org/x"),
        503,
        retryable,
        "it is down; ask its administrators",
        null);
  }

  private static class Flaky implements ClusterActivity<ClusterRequest> {

    volatile RuntimeException refusal;
    volatile RuntimeException outage;
    volatile int begins;
    volatile boolean done;
    volatile int looks;

    @Override
    public Progress begin(Cluster cluster, Supplier<ClusterRequest> request) {
      looks = 0;
      begins++;
      if (refusal != null) {
        throw refusal;
      }
      return new Progress(cluster, false, "waiting");
    }

    @Override
    public Progress look(Cluster cluster, Supplier<ClusterRequest> request) {
      looks++;
      if (outage != null) {
        throw outage;
      }
      return new Progress(cluster, done, done ? "" : "waiting");
    }
  }
}
