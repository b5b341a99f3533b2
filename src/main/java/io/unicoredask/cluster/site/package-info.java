/**
 * The sites that clusters can run at: what they are called, what they offer, what jobs are like
 * there that do not say otherwise, and how large clusters may become.
 */
package io.unicoredask.cluster.site;
