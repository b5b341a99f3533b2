package io.unicoredask.camunda;

import io.unicoredask.cluster.Cluster;
import io.unicoredask.cluster.ClusterActivities;
import io.unicoredask.cluster.KnownClusters;
import io.unicoredask.cluster.Sweep;
import io.unicoredask.cluster.request.TimeLimit;
import io.unicoredask.cluster.site.Sites;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.engine.runtime.VariableInstance;
import org.camunda.spin.plugin.variable.value.JsonValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks from time to time for jobs at the sites that belong to no cluster of this engine, and has
 * what an outage made fail repeated where the site answers again.
 */
class Sweeper {

  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

  private final ProcessEngine engine;
  private final ClusterActivities activities;
  private final Sweep sweep;
  private final OutageRetries retries;

  Sweeper(ProcessEngine engine, Sites sites, ClusterActivities activities, Duration grace) {
    this.engine = engine;
    this.activities = activities;
    this.sweep =
        new Sweep(sites, ClusterVariables.installation(engine.getManagementService()), grace);
    this.retries = new OutageRetries(engine.getManagementService());
  }

  void round() {
    List<Cluster> recorded = recorded();
    Set<String> outlived = outlived(recorded);
    List<Cluster> wanted =
        recorded.stream().filter(cluster -> !outlived.contains(cluster.id())).toList();
    activities.closePortsExceptOf(wanted);
    KnownClusters known = new KnownClusters(wanted, id -> !outlived.contains(id) && isComing(id));
    retries.round(sweep.round(known));
  }

  /** A suspended instance has no timers, so that nothing else would end it after its lifetime. */
  private Set<String> outlived(List<Cluster> recorded) {
    Set<String> suspended =
        engine.getRuntimeService().createProcessInstanceQuery().suspended().list().stream()
            .map(ProcessInstance::getId)
            .collect(Collectors.toSet());
    return recorded.stream()
        .filter(cluster -> suspended.contains(instance(cluster.id())))
        .filter(this::hasOutlivedItself)
        .map(Cluster::id)
        .collect(Collectors.toSet());
  }

  private boolean hasOutlivedItself(Cluster cluster) {
    if (cluster.readySince() == null) {
      return false;
    }
    try {
      Object lifetime =
          engine
              .getRuntimeService()
              .getVariable(instance(cluster.id()), TimeLimit.LIFETIME.variable());
      return lifetime instanceof String text
          && Instant.ofEpochMilli(cluster.readySince())
              .plus(Duration.parse(text))
              .isBefore(Instant.now());
    } catch (ProcessEngineException | DateTimeParseException e) {
      LOG.debug("Cluster {}: it is over, or its lifetime is no duration", cluster.id(), e);
      return false;
    }
  }

  private static String instance(String clusterId) {
    return clusterId.substring(clusterId.indexOf('-') + 1);
  }

  private List<Cluster> recorded() {
    return engine
        .getRuntimeService()
        .createVariableInstanceQuery()
        .variableName(DaskVariables.CLUSTER)
        .disableCustomObjectDeserialization()
        .list()
        .stream()
        .map(VariableInstance::getTypedValue)
        .filter(JsonValue.class::isInstance)
        .map(value -> ours((JsonValue) value))
        .filter(Objects::nonNull)
        .toList();
  }

  /** Null for a variable of somebody else's that has the same name. */
  private static Cluster ours(JsonValue value) {
    try {
      return ClusterVariables.read(value);
    } catch (IllegalStateException e) {
      LOG.debug("Not a Dask cluster: {}", value, e);
      return null;
    }
  }

  /** Its process instance is there, but has not put its first job on record yet. */
  private boolean isComing(String clusterId) {
    return engine
            .getRuntimeService()
            .createProcessInstanceQuery()
            .processInstanceId(instance(clusterId))
            .count()
        > 0;
  }
}
