package io.unicoredask.camunda;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.ClusterStatus;
import io.unicoredask.cluster.request.ClusterRequest;
import java.util.List;
import java.util.Optional;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.runtime.VariableInstance;

/**
 * Keeps clusters of one engine from wanting the same local port, on whichever node and even while
 * they are queued, when none has opened it yet.
 */
class LocalPorts {

  private static final List<String> PORTS = List.of("localPort", "localDashboardPort");

  private LocalPorts() {}

  /**
   * Puts on record which local ports this process instance wants.
   *
   * @throws ClusterException with {@link ClusterError#DASK_PORT_IN_USE} if another that is not over
   *     wants one of them
   */
  static void reserve(DelegateExecution execution, ClusterRequest request) {
    reserve(execution, "localPort", request.localPort());
    if (request.connectDashboard()) {
      reserve(execution, "localDashboardPort", request.localDashboardPort());
    } else {
      execution.removeVariable("localDashboardPort");
    }
  }

  private static void reserve(DelegateExecution execution, String name, int port) {
    if (port != 0) {
      owner(execution, port)
          .ifPresent(
              owner -> {
                throw new ClusterException(
                    ClusterError.DASK_PORT_IN_USE,
                    "%s = %d: process instance %s has this port; choose another, or 0 for any free one"
                        .formatted(name, port, owner));
              });
    }
    execution.setVariable(name, port);
  }

  private static Optional<String> owner(DelegateExecution execution, int port) {
    RuntimeService engine = execution.getProcessEngineServices().getRuntimeService();
    // Whoever starts a cluster need not be allowed to see the others.
    return Context.getCommandContext()
        .runWithoutAuthorization(
            () ->
                PORTS.stream()
                    .flatMap(
                        name ->
                            engine
                                .createVariableInstanceQuery()
                                .variableName(name)
                                .variableValueEquals(name, port)
                                .list()
                                .stream())
                    .map(VariableInstance::getProcessInstanceId)
                    .filter(instance -> !instance.equals(execution.getProcessInstanceId()))
                    .filter(instance -> isAlive(engine, instance))
                    .findFirst());
  }

  /** One that has no status has the variable for purposes of its own. */
  private static boolean isAlive(RuntimeService engine, String instance) {
    return engine
        .createVariableInstanceQuery()
        .processInstanceIdIn(instance)
        .variableName(DaskVariables.CLUSTER_STATUS)
        .list()
        .stream()
        .map(VariableInstance::getValue)
        .anyMatch(
            status ->
                ClusterStatus.PENDING.name().equals(status)
                    || ClusterStatus.RUNNING.name().equals(status));
  }
}
