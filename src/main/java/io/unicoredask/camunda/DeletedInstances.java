package io.unicoredask.camunda;

import io.unicoredask.cluster.Cluster;
import io.unicoredask.cluster.ClusterStatus;
import java.util.Set;
import org.camunda.bpm.engine.ProcessEngineServices;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.ExecutionListener;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.persistence.entity.ExecutionEntity;
import org.camunda.bpm.engine.repository.ProcessDefinition;
import org.camunda.bpm.engine.repository.ProcessDefinitionQuery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the jobs of a cluster ended when its process instance is deleted, in Cockpit or over REST: by
 * an instance of the process {@code dask-teardown}, which begins in the same transaction that ends
 * the other.
 *
 * <p>Where that process is not deployed, or is being deleted as well, the {@link Sweeper} finds the
 * jobs some minutes later.
 */
class DeletedInstances implements ExecutionListener {

  /** The process that is started. */
  static final String PROCESS = "dask-teardown";

  private static final Logger LOG = LoggerFactory.getLogger(DeletedInstances.class);
  private static final Set<String> OVER =
      Set.of(ClusterStatus.STOPPED.name(), ClusterStatus.FAILED.name());

  /** The engine deletes instances together with their definition or deployment for these. */
  private static final Set<String> DEFINITION_GOES =
      Set.of("deleted process definition", "deleted deployment");

  @Override
  public void notify(DelegateExecution execution) {
    if (!execution.isCanceled() || isOver(execution)) {
      return;
    }
    Cluster cluster = cluster(execution);
    if (cluster != null && ClusterVariables.isOwnedBy(cluster, execution.getProcessInstanceId())) {
      Context.getCommandContext().runWithoutAuthorization(() -> tearDown(cluster, execution));
    }
  }

  private static boolean isOver(DelegateExecution execution) {
    return OVER.contains(String.valueOf(execution.getVariable(DaskVariables.CLUSTER_STATUS)));
  }

  /** Also one of which nothing is on record yet: its first job may be on its way. */
  private static Cluster cluster(DelegateExecution execution) {
    Cluster recorded =
        ClusterVariables.read(execution.getVariableTyped(DaskVariables.CLUSTER, false));
    return recorded == null
            && execution.getVariable(DaskVariables.CLUSTER_STATUS) != null
            && execution.getVariable("site") instanceof String site
        ? Cluster.planned(ClusterVariables.clusterId(execution), site)
        : recorded;
  }

  private static Void tearDown(Cluster cluster, DelegateExecution execution) {
    String reason =
        String.valueOf(((ExecutionEntity) execution).getProcessInstance().getDeleteReason());
    ProcessEngineServices engine = execution.getProcessEngineServices();
    ProcessDefinition definition = definition(engine, execution.getTenantId());
    if (definition == null || DEFINITION_GOES.contains(reason)) {
      LOG.warn(
          "Cluster {}: its instance was deleted ({}), and process '{}' cannot be started; its jobs"
              + " are ended with the next sweeps",
          cluster.id(),
          reason,
          PROCESS);
      return null;
    }
    LOG.info("Cluster {}: its instance was deleted ({}); tearing it down", cluster.id(), reason);
    engine
        .getRuntimeService()
        .createProcessInstanceById(definition.getId())
        .businessKey(execution.getProcessBusinessKey())
        .setVariable("site", cluster.site())
        .setVariable(DaskVariables.CLUSTER, ClusterVariables.json(cluster))
        .setVariable(DaskVariables.ENDED_BY, "deletion")
        .execute();
    return null;
  }

  private static ProcessDefinition definition(ProcessEngineServices engine, String tenant) {
    ProcessDefinitionQuery query =
        engine
            .getRepositoryService()
            .createProcessDefinitionQuery()
            .processDefinitionKey(PROCESS)
            .active()
            .latestVersion();
    ProcessDefinition shared = query.withoutTenantId().singleResult();
    return shared != null || tenant == null ? shared : query.tenantIdIn(tenant).singleResult();
  }
}
