package io.unicoredask.camunda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.cluster.Cluster;
import io.unicoredask.cluster.ClusterActivities;
import io.unicoredask.cluster.ClusterRequest;
import io.unicoredask.cluster.ClusterStatus;
import io.unicoredask.cluster.Sites;
import io.unicoredask.cluster.Size;
import io.unicoredask.cluster.WorkerJob;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.VariableScope;
import org.camunda.bpm.engine.variable.value.TypedValue;
import org.camunda.spin.plugin.variable.SpinValues;
import org.camunda.spin.plugin.variable.value.JsonValue;

/** Reads a cluster and what is asked of it from process variables, and writes what came of it. */
class ClusterVariables {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Sites sites;

  ClusterVariables(Sites sites) {
    this.sites = sites;
  }

  ClusterRequest request(VariableScope scope) {
    return request(name -> scope.getVariableTyped(name, false), scope::getVariable);
  }

  /** What is asked for as an execution sees it now, read outside of its transactions. */
  ClusterRequest request(RuntimeService engine, String executionId) {
    return request(
        name -> engine.getVariableTyped(executionId, name, false),
        name -> engine.getVariable(executionId, name));
  }

  private ClusterRequest request(
      Function<String, TypedValue> notDeserialized, Function<String, Object> deserialized) {
    Map<String, Object> given = new HashMap<>();
    for (String name : ClusterRequest.VARIABLES) {
      // Not deserialized: JSON that is malformed is for the request to refuse, with its name.
      given.put(
          name,
          notDeserialized.apply(name) instanceof JsonValue json
              ? json.getValueSerialized()
              : deserialized.apply(name));
    }
    String size = (String) deserialized.apply(DaskVariables.CLUSTER_SIZE);
    return ClusterRequest.of(given, size == null ? null : Size.parse(size), sites);
  }

  /** The cluster of this scope; a new one, of which nothing exists yet, if there is none. */
  Cluster cluster(DelegateExecution execution) {
    Cluster cluster = read(execution.getVariableTyped(DaskVariables.CLUSTER, false));
    return cluster != null
        ? cluster
        : Cluster.planned(clusterId(execution), request(execution).site());
  }

  static Cluster read(JsonValue value) {
    if (value == null) {
      return null;
    }
    try {
      return JSON.readValue(value.getValueSerialized(), Cluster.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "variable '%s' holds no cluster; it is not for editing".formatted(DaskVariables.CLUSTER),
          e);
    }
  }

  void write(VariableScope scope, Cluster cluster, String progress) {
    setJson(scope, DaskVariables.CLUSTER, cluster);
    if (cluster.allocation() != null) {
      scope.setVariable(DaskVariables.ALLOCATION_URL, cluster.allocation().toString());
    }
    if (cluster.scheduler() != null) {
      scope.setVariable(DaskVariables.SCHEDULER_JOB_URL, cluster.scheduler().job().toString());
    }
    setJson(
        scope,
        DaskVariables.WORKER_JOB_URLS,
        cluster.workers().stream().map(WorkerJob::job).toList());
    if (cluster.connectedWorkers() != null) {
      scope.setVariable(DaskVariables.CONNECTED_WORKERS, cluster.connectedWorkers());
    }
    if (!cluster.warnings().isEmpty()) {
      scope.setVariable(
          DaskVariables.CLUSTER_WARNING, Texts.fitting(String.join("\n", cluster.warnings())));
    }
    if (progress.isEmpty()) {
      scope.removeVariable(DaskVariables.CLUSTER_PROGRESS);
    } else {
      scope.setVariable(DaskVariables.CLUSTER_PROGRESS, Texts.fitting(progress));
    }
  }

  /** Writes those descriptions that there are. */
  static void write(VariableScope scope, ClusterActivities.Descriptions descriptions) {
    setIfThere(scope, DaskVariables.ALLOCATION_DESCRIPTION, descriptions.allocation());
    setIfThere(scope, DaskVariables.SCHEDULER_JOB_DESCRIPTION, descriptions.scheduler());
    setIfThere(scope, DaskVariables.WORKER_JOB_DESCRIPTION, descriptions.worker());
  }

  private static void setIfThere(VariableScope scope, String name, Object value) {
    if (value != null) {
      setJson(scope, name, value);
    }
  }

  static void setStatus(VariableScope scope, ClusterStatus status) {
    scope.setVariable(DaskVariables.CLUSTER_STATUS, status.name());
  }

  static void setJson(VariableScope scope, String name, Object value) {
    try {
      scope.setVariable(name, SpinValues.jsonValue(JSON.writeValueAsString(value)).create());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Names the cluster among all whose jobs run at the site under our account: by its process
   * instance, whose ids are unique in one engine's database only, and that database's own id.
   */
  private static String clusterId(DelegateExecution execution) {
    String installation =
        execution
            .getProcessEngineServices()
            .getManagementService()
            .getProperties()
            .getOrDefault("camunda.installation.id", "");
    return installation.substring(0, Math.min(8, installation.length()))
        + "-"
        + execution.getProcessInstanceId();
  }
}
