package io.unicoredask.cluster.keeper;

/**
 * A cluster as it is on record.
 *
 * @param cluster how far it is, as its keeper has it
 * @param demand what is wanted of it, as the engine has it
 * @param changed when the engine changed it last, in milliseconds
 */
public record Recorded(Cluster cluster, Demand demand, long changed) {}
