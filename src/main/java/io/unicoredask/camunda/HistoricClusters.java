package io.unicoredask.camunda;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.history.HistoricProcessInstance;
import org.camunda.bpm.engine.history.HistoricProcessInstanceQuery;
import org.camunda.bpm.engine.history.HistoricVariableInstance;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;
import org.camunda.bpm.engine.impl.runtime.CorrelationSet;

/**
 * Reads in the engine's history what has become of the cluster that a message is for, as far as its
 * sender may read it.
 */
class HistoricClusters {

  /** More have hardly had one business key one after the other, works and teardowns included. */
  private static final int MOST = 20;

  private static final String[] OUTPUTS = {
    DaskVariables.CLUSTER_STATUS,
    DaskVariables.ENDED_BY,
    DaskVariables.ERROR_CODE,
    DaskVariables.ERROR_MESSAGE,
    HistoricCluster.DRY_RUN
  };

  private final HistoryService history;

  private HistoricClusters(HistoryService history) {
    this.history = history;
  }

  /** Nothing if the message is for no cluster, or its sender may not see it. */
  static Optional<HistoricCluster> find(CommandContext context, CorrelationSet message) {
    // The engine looks for who waits without asking who may read it.
    boolean checks = context.isAuthorizationCheckEnabled();
    context.setAuthorizationCheckEnabled(true);
    try {
      return new HistoricClusters(context.getProcessEngineConfiguration().getHistoryService())
          .find(message);
    } finally {
      context.setAuthorizationCheckEnabled(checks);
    }
  }

  private Optional<HistoricCluster> find(CorrelationSet message) {
    return instances(message).stream()
        .filter(instance -> message.getProcessInstanceId() != null || !isTeardown(instance))
        .map(this::fate)
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** What ends the jobs of a deleted instance has the business key of that. */
  private static boolean isTeardown(HistoricProcessInstance instance) {
    return instance.getProcessDefinitionKey().equals(DeletedInstances.PROCESS);
  }

  private List<HistoricProcessInstance> instances(CorrelationSet message) {
    HistoricProcessInstanceQuery query =
        history.createHistoricProcessInstanceQuery().orderByProcessInstanceStartTime().desc();
    if (message.getProcessInstanceId() != null) {
      query.processInstanceId(message.getProcessInstanceId());
    } else if (message.getBusinessKey() != null) {
      query.processInstanceBusinessKey(message.getBusinessKey());
    } else {
      return List.of();
    }
    if (message.getTenantId() != null) {
      query.tenantIdIn(message.getTenantId());
    }
    return query.listPage(0, MOST);
  }

  private Optional<HistoricCluster> fate(HistoricProcessInstance instance) {
    Map<String, Object> outputs = outputs(instance.getId());
    return isCluster(outputs) && !isWork(instance, outputs)
        ? Optional.of(
            new HistoricCluster(
                instance.getId(),
                instance.getBusinessKey(),
                instance.getEndTime(),
                instance.getDeleteReason(),
                outputs))
        : Optional.empty();
  }

  private static boolean isCluster(Map<String, Object> outputs) {
    return outputs.containsKey(DaskVariables.CLUSTER_STATUS) || HistoricCluster.isDryRun(outputs);
  }

  /** What works in a cluster has its business key, and copies of what it said when it was ready. */
  private boolean isWork(HistoricProcessInstance instance, Map<String, Object> outputs) {
    String caller = instance.getSuperProcessInstanceId();
    return caller != null
        && !outputs.containsKey(DaskVariables.ENDED_BY)
        && isCluster(outputs(caller));
  }

  private Map<String, Object> outputs(String instance) {
    Map<String, Object> outputs = new HashMap<>();
    for (HistoricVariableInstance variable :
        history
            .createHistoricVariableInstanceQuery()
            .processInstanceId(instance)
            .variableNameIn(OUTPUTS)
            .disableCustomObjectDeserialization()
            .list()) {
      outputs.put(variable.getName(), variable.getValue());
    }
    return outputs;
  }
}
