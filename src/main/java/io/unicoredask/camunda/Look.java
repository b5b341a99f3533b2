package io.unicoredask.camunda;

import io.unicoredask.cluster.Cluster;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.Progress;

/**
 * What the watcher tells a waiting activity.
 *
 * @param basis the cluster as it was when the watcher looked
 * @param progress what it saw; null if it saw a failure
 * @param failure the failure; null if there is none
 */
record Look(Cluster basis, Progress progress, ClusterException failure) {}
