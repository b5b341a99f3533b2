package io.unicoredask.camunda;

import io.unicoredask.camunda.engine.SentMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.ProcessEngineServices;
import org.camunda.bpm.engine.history.HistoricProcessInstance;
import org.camunda.bpm.engine.history.HistoricProcessInstanceQuery;
import org.camunda.bpm.engine.history.HistoricVariableInstance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads in the engine's history what has become of the cluster that a message is for, as far as its
 * sender may read it.
 */
class HistoricClusters {

  private static final Logger LOG = LoggerFactory.getLogger(HistoricClusters.class);

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

  /**
   * Why a message reaches nobody; nothing if it is not one of a cluster's own, if it is for no
   * cluster, or if its sender may not see that.
   */
  static Optional<String> whyNobodyWaits(SentMessage message, ProcessEngineServices engine) {
    if (!message.name().startsWith(RefusedNames.OURS)) {
      return Optional.empty();
    }
    Optional<String> why =
        new HistoricClusters(engine.getHistoryService()).find(message).map(HistoricCluster::text);
    why.ifPresent(
        text -> LOG.info("Message '{}' reaches nobody: {}", OneLine.name(message.name()), text));
    return why;
  }

  private Optional<HistoricCluster> find(SentMessage message) {
    return instances(message).stream()
        .filter(instance -> message.processInstance() != null || !isTeardown(instance))
        .map(this::fate)
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** What ends the jobs of a deleted instance has the business key of that. */
  private static boolean isTeardown(HistoricProcessInstance instance) {
    return instance.getProcessDefinitionKey().equals(DeletedInstances.PROCESS);
  }

  private List<HistoricProcessInstance> instances(SentMessage message) {
    HistoricProcessInstanceQuery query =
        history.createHistoricProcessInstanceQuery().orderByProcessInstanceStartTime().desc();
    if (message.processInstance() != null) {
      query.processInstanceId(message.processInstance());
    } else if (message.businessKey() != null) {
      query.processInstanceBusinessKey(message.businessKey());
    } else {
      return List.of();
    }
    if (message.tenant() != null) {
      query.tenantIdIn(message.tenant());
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
