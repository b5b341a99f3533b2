/**
 * One keeper for each cluster, on the node that looks after them: it observes ({@link
 * io.unicoredask.cluster.keeper.Observer}, I/O), decides ({@link
 * io.unicoredask.cluster.keeper.Decisions} and the rules, pure), acts ({@link
 * io.unicoredask.cluster.keeper.Actor}, I/O) and tells those who wait ({@link
 * io.unicoredask.cluster.keeper.ClusterRecords}, one transaction). What is wanted is on record
 * before it is submitted; whatever is done may be done again.
 *
 * <p>{@link io.unicoredask.cluster.keeper.Keepers} gives each its turns; {@link
 * io.unicoredask.cluster.keeper.Cluster} is what is kept of a cluster, {@link
 * io.unicoredask.cluster.keeper.Demand} what the engine wants of it.
 */
package io.unicoredask.cluster.keeper;
