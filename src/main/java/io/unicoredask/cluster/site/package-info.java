/**
 * The sites that clusters can run at: what they are called, what they offer, what jobs are like
 * there that do not say otherwise, how large clusters may become, who uses them under their own
 * names, and how many requests they get.
 */
package io.unicoredask.cluster.site;
