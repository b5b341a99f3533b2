package io.unicoredask.camunda;

import java.util.List;

/**
 * Some of the clusters that were looked for.
 *
 * @param count how many there are in all
 * @param clusters those that are shown, newest first
 */
public record ClusterPage(long count, List<ClusterSummary> clusters) {}
