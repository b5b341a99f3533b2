package io.unicoredask.camunda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.cluster.Cluster;
import io.unicoredask.cluster.ClusterActivities;
import io.unicoredask.cluster.ClusterStatus;
import io.unicoredask.cluster.WorkerJob;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.request.ScriptRequest;
import io.unicoredask.cluster.request.TunnelKind;
import io.unicoredask.cluster.site.Sites;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.camunda.bpm.engine.ManagementService;
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
    return kept(scope.getVariableTyped(DaskVariables.REQUEST, false))
        .orElseGet(() -> ClusterRequest.of(given(scope), sites));
  }

  /** What is asked for now that variables have come, which is kept from then on. */
  ClusterRequest newRequest(VariableScope scope) {
    ClusterRequest request =
        kept(scope.getVariableTyped(DaskVariables.REQUEST, false))
            .map(before -> before.changedBy(given(scope), sites))
            .orElseGet(() -> ClusterRequest.of(given(scope), sites));
    scope.setVariable(DaskVariables.REQUEST, SpinValues.jsonValue(request.toJson()).create());
    return request;
  }

  private static Optional<ClusterRequest> kept(TypedValue value) {
    return value instanceof JsonValue json
        ? Optional.of(ClusterRequest.fromJson(json.getValueSerialized()))
        : Optional.empty();
  }

  private static Map<String, Object> given(VariableScope scope) {
    return given(name -> scope.getVariableTyped(name, false), scope::getVariable);
  }

  /** What is asked for as an execution sees it now, read outside of its transactions. */
  ClusterRequest request(RuntimeService engine, String executionId) {
    return kept(engine.getVariableTyped(executionId, DaskVariables.REQUEST, false))
        .orElseGet(
            () ->
                ClusterRequest.of(
                    given(
                        name -> engine.getVariableTyped(executionId, name, false),
                        name -> engine.getVariable(executionId, name)),
                    sites));
  }

  private static Map<String, Object> given(
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
    return given;
  }

  /**
   * What is asked of the activity that runs a script.
   *
   * @param run tells this run from all others
   */
  ScriptRequest script(VariableScope scope, String run, String site) {
    Map<String, Object> given = new HashMap<>();
    ScriptRequest.VARIABLES.forEach(name -> given.put(name, value(scope, name)));
    given.compute("script", (name, value) -> text(value));
    return ScriptRequest.of(given, run, site, sites);
  }

  /** A text variable takes 4000 characters; a longer script is a file, or bytes. */
  private static Object text(Object value) {
    try {
      if (value instanceof InputStream file) {
        return new String(file.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : value;
  }

  /** The cluster of this scope; a new one, of which nothing exists yet, if there is none. */
  Cluster cluster(DelegateExecution execution) {
    Cluster cluster = read(execution.getVariableTyped(DaskVariables.CLUSTER, false));
    return cluster != null
        ? cluster
        : Cluster.planned(clusterId(execution), request(execution).site());
  }

  /** Not deserialized: JSON that is malformed is for the request to refuse, with its name. */
  private static Object value(VariableScope scope, String name) {
    TypedValue value = scope.getVariableTyped(name, false);
    return value instanceof JsonValue json ? json.getValueSerialized() : scope.getVariable(name);
  }

  /** The cluster; null if there is none, or it is being deleted this moment. */
  static Cluster read(JsonValue value) {
    if (value == null || value.getValueSerialized() == null) {
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
      scope.setVariable(DaskVariables.ALLOCATION_URL, url(cluster, cluster.allocation()));
    }
    if (cluster.scheduler() != null) {
      scope.setVariable(DaskVariables.SCHEDULER_JOB_URL, url(cluster, cluster.scheduler().job()));
    }
    setJson(
        scope,
        DaskVariables.WORKER_JOB_URLS,
        cluster.workers().stream().map(worker -> url(cluster, worker.job())).toList());
    Map<String, WorkerJob.Status> status = new LinkedHashMap<>();
    cluster.workers().forEach(worker -> status.put(worker.name(), worker.status()));
    setJson(scope, DaskVariables.WORKER_JOB_STATUS, status);
    if (cluster.connectedWorkers() != null) {
      scope.setVariable(DaskVariables.CONNECTED_WORKERS, cluster.connectedWorkers());
    }
    if (cluster.tunnel() != null && cluster.tunnel() != TunnelKind.AUTO) {
      scope.setVariable(DaskVariables.TUNNEL_IN_USE, cluster.tunnel().value());
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

  /** A job's URL in full. */
  String url(Cluster cluster, URI job) {
    return sites.get(cluster.site()).url(job).toString();
  }

  /** Keeps a copy of the cluster with the activity that this is the execution of. */
  static void writeLocally(VariableScope scope, Cluster cluster, String progress) {
    scope.setVariableLocal(DaskVariables.CLUSTER, json(cluster));
    scope.setVariableLocal(DaskVariables.CLUSTER_PROGRESS, Texts.fitting(progress));
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

  /** Not what is there already: whoever reads it over REST could meet it half-written. */
  static void setJson(VariableScope scope, String name, Object value) {
    JsonValue json = json(value);
    TypedValue old = scope.getVariableTyped(name, false);
    if (!(old instanceof JsonValue there)
        || !json.getValueSerialized().equals(there.getValueSerialized())) {
      scope.setVariable(name, json);
    }
  }

  static JsonValue json(Object value) {
    try {
      return SpinValues.jsonValue(JSON.writeValueAsString(value)).create();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether the cluster was started by this process instance, and not handed over to it. */
  static boolean isOwnedBy(Cluster cluster, String processInstanceId) {
    return cluster.id().endsWith("-" + processInstanceId);
  }

  /**
   * Names the cluster among all whose jobs run at the site under our account: by its process
   * instance, whose ids are unique in one engine's database only, and that database's own id.
   */
  static String clusterId(DelegateExecution execution) {
    return installation(execution.getProcessEngineServices().getManagementService())
        + "-"
        + execution.getProcessInstanceId();
  }

  /** What tells this engine's clusters from those of other engines. */
  static String installation(ManagementService engine) {
    String id = engine.getProperties().getOrDefault("camunda.installation.id", "");
    return id.substring(0, Math.min(8, id.length()));
  }
}
