package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.unicoredask.localsite.LocalJob;
import java.util.Map;
import org.camunda.bpm.engine.migration.MigratingProcessInstanceValidationException;
import org.camunda.bpm.engine.migration.MigrationPlan;
import org.camunda.bpm.engine.repository.DeploymentWithDefinitions;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.model.bpmn.BpmnModelInstance;
import org.camunda.bpm.model.bpmn.instance.ServiceTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The engine migrates no service task that waits; the attempt does a cluster no harm. */
class MigrationTest extends ProcessTest {

  private ProcessInstance cluster;
  private DeploymentWithDefinitions version;

  @AfterEach
  void undeploy() {
    endWhatIsLeft();
    repositoryService.deleteDeployment(version.getId(), true);
  }

  @Test
  void itGoesOnInItsOwnVersion() {
    startAndDeployAnotherVersion();
    MigrationPlan plan =
        runtimeService
            .createMigrationPlan(
                cluster.getProcessDefinitionId(),
                version.getDeployedProcessDefinitions().get(0).getId())
            .mapEqualActivities()
            .build();
    assertThatThrownBy(
            () -> runtimeService.newMigration(plan).processInstanceIds(cluster.getId()).execute())
        .isInstanceOf(MigratingProcessInstanceValidationException.class);

    send(cluster, "dask-cluster-scale", Map.of("workers", 1));
    await().atMost(LIMIT).until(() -> Integer.valueOf(1).equals(connectedWorkers()));
    tearDown();
  }

  private void startAndDeployAnotherVersion() {
    cluster = start(Map.of());
    awaitStatus(cluster, "RUNNING");
    BpmnModelInstance model =
        repositoryService.getBpmnModelInstance(cluster.getProcessDefinitionId());
    model.<ServiceTask>getModelElementById("ClusterReady").setName("Cluster ready, version 2");
    version =
        repositoryService
            .createDeployment()
            .addModelInstance("dask-cluster.bpmn", model)
            .deployWithResult();
  }

  private Object connectedWorkers() {
    return variable(cluster, "connectedWorkers");
  }

  private void tearDown() {
    send(cluster, "dask-cluster-teardown", Map.of());
    awaitEnd(cluster);
    assertThat(variable(cluster, "clusterStatus")).isEqualTo("STOPPED");
    assertThat(jobs(cluster)).hasSize(2);
    await().atMost(LIMIT).until(() -> jobs(cluster).stream().noneMatch(LocalJob::running));
  }
}
