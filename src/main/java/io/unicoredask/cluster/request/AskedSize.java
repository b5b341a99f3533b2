package io.unicoredask.cluster.request;

/**
 * A size as it is asked for.
 *
 * @param size how large
 * @param adapt the bounds within which the cluster follows its work; null if it does not
 */
record AskedSize(ClusterSize size, AdaptiveBounds adapt) {}
