package io.unicoredask.cluster.keeper;

import java.util.Map;

/**
 * A cluster as it is on record.
 *
 * @param cluster how far it is, as its keeper has it
 * @param demand what is wanted of it, as the engine has it
 * @param changed when the engine changed it last, in milliseconds
 * @param log what the engine has the log say of it, by the names of the log's context
 */
public record Recorded(Cluster cluster, Demand demand, long changed, Map<String, String> log) {

  /** One of which the engine has the log say nothing. */
  public Recorded(Cluster cluster, Demand demand, long changed) {
    this(cluster, demand, changed, Map.of());
  }
}
