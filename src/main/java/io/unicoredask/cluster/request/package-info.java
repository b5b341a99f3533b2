/**
 * What is asked of a cluster or a script: read once from process variables, checked, and kept.
 * Everything that is not allowed is refused here, before anything is submitted.
 */
package io.unicoredask.cluster.request;
