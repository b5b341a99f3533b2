/**
 * What is asked of a cluster or a script: read once from process variables, checked, and kept with
 * all that its jobs need, so that no configuration that changes later changes it. A message changes
 * only what it says anew. Everything that is not allowed is refused here, before anything is
 * submitted; what is allowed is in {@link io.unicoredask.cluster.request.ClusterVariable}.
 */
package io.unicoredask.cluster.request;
