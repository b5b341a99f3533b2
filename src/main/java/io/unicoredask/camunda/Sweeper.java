package io.unicoredask.camunda;

import io.unicoredask.cluster.Cluster;
import io.unicoredask.cluster.ClusterActivities;
import io.unicoredask.cluster.KnownClusters;
import io.unicoredask.cluster.Sites;
import io.unicoredask.cluster.Sweep;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.camunda.bpm.engine.ProcessEngine;
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
    activities.closePortsExceptOf(recorded);
    retries.round(sweep.round(new KnownClusters(recorded, this::isComing)));
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
    String instance = clusterId.substring(clusterId.indexOf('-') + 1);
    return engine
            .getRuntimeService()
            .createProcessInstanceQuery()
            .processInstanceId(instance)
            .count()
        > 0;
  }
}
