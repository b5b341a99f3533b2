/**
 * A Dask cluster at a UNICORE site: what is asked for ({@link
 * io.unicoredask.cluster.request.ClusterRequest}), what there is ({@link
 * io.unicoredask.cluster.Cluster}), and the activities that lead from the one to the other.
 *
 * <p>An {@link io.unicoredask.cluster.ClusterActivity} does its work in steps that may be repeated
 * at any time, after a crash for instance; the order of the activities, their time limits and the
 * way out of every error are the process model's business. The room knows no engine.
 */
package io.unicoredask.cluster;
