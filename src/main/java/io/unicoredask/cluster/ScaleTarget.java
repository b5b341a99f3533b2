package io.unicoredask.cluster;

/**
 * What a cluster is being scaled to.
 *
 * @param jobs how many worker jobs it is to have
 * @param firstNew the number of the first job that is submitted for it
 */
public record ScaleTarget(int jobs, int firstNew) {}
