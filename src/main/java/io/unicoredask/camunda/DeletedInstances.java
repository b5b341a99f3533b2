package io.unicoredask.camunda;

import io.unicoredask.camunda.engine.Executions;
import io.unicoredask.camunda.engine.Transaction;
import io.unicoredask.cluster.ClusterStatus;
import io.unicoredask.cluster.keeper.Writing.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.camunda.bpm.engine.ProcessEngineServices;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.ExecutionListener;
import org.camunda.bpm.engine.repository.ProcessDefinition;
import org.camunda.bpm.engine.repository.ProcessDefinitionQuery;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the jobs of a cluster ended when its process instance ends before they are over, as when it
 * is deleted in Cockpit or over REST: by an instance of the process {@code dask-teardown}, which
 * begins in the same transaction that ends the other, and is given the cluster.
 *
 * <p>Where that process is not deployed, or is being deleted as well, the {@link Sweeper} finds the
 * jobs some minutes later.
 */
class DeletedInstances implements ExecutionListener {

  /** The process that is started. */
  static final String PROCESS = "dask-teardown";

  private static final Logger LOG = LoggerFactory.getLogger(DeletedInstances.class);

  /** The engine deletes instances together with their definition or deployment for these. */
  private static final Set<String> DEFINITION_GOES =
      Set.of("deleted process definition", "deleted deployment");

  /** What the history keeps of it: from now on the other instance says how far its end is. */
  private static final Map<String, Object> LAST = last();

  private final DaskRuntime runtime;

  DeletedInstances(DaskRuntime runtime) {
    this.runtime = runtime;
  }

  @Override
  public void notify(DelegateExecution execution) {
    Optional<String> cluster = runtime.tables().ofInstance(execution.getProcessInstanceId());
    if (cluster.isPresent()) {
      Audit.say(Audit.Operation.DELETE, execution, cluster.get());
      Transaction.current()
          .authorizations()
          .unchecked(
              () -> {
                tearDown(cluster.get(), execution);
                runtime.tellKeeper(cluster.get());
              });
    }
  }

  private void tearDown(String cluster, DelegateExecution execution) {
    String reason = String.valueOf(Executions.deleteReason(execution));
    ProcessEngineServices engine = execution.getProcessEngineServices();
    ProcessDefinition definition = definition(engine, execution.getTenantId());
    if (definition == null
        || DEFINITION_GOES.contains(reason)
        || definition.getId().equals(execution.getProcessDefinitionId())) {
      LOG.warn(
          "Cluster {}: its instance ended ({}), and process '{}' cannot be started; its jobs are"
              + " ended with the next sweeps",
          cluster,
          reason,
          PROCESS);
      runtime.tables().delete(cluster);
      if (!DEFINITION_GOES.contains(reason)) {
        Outputs.write(execution, LAST);
      }
      return;
    }
    runtime.tables().lives().isDeleted(cluster);
    LOG.info("Cluster {}: its instance was deleted ({}); tearing it down", cluster, reason);
    ProcessInstance teardown =
        ClusterScope.handingOver(
            cluster,
            () ->
                engine
                    .getRuntimeService()
                    .createProcessInstanceById(definition.getId())
                    .businessKey(execution.getProcessBusinessKey())
                    .setVariable("site", runtime.tables().request(cluster).site())
                    .setVariable(DaskVariables.ENDED_BY, EndedBy.DELETION.value())
                    .execute());
    runtime.tables().give(cluster, teardown.getId());
    Outputs.write(execution, LAST);
  }

  private static Map<String, Object> last() {
    Map<String, Object> last = new HashMap<>();
    last.put(DaskVariables.CLUSTER_STATUS, ClusterStatus.STOPPING.name());
    last.put(DaskVariables.ENDED_BY, EndedBy.DELETION.value());
    last.put(DaskVariables.CONNECTED_WORKERS, 0);
    last.put(DaskVariables.WORKER_JOB_STATUS, new Json("{}"));
    last.put(DaskVariables.WORKER_JOBS, new Json("{}"));
    last.put(DaskVariables.CLUSTER_PROGRESS, null);
    last.put(DaskVariables.SCHEDULER_ADDRESS, null);
    last.put(DaskVariables.DASHBOARD_URL, null);
    last.put(DaskVariables.EXPECTED_START, null);
    last.put(DaskVariables.SCHEDULER_ENDS_AT, null);
    return last;
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
