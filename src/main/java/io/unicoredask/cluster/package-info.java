/**
 * Dask clusters at UNICORE sites: what is asked for ({@code request}), where ({@code site}), who
 * looks after it ({@code keeper}), and what ends jobs that nobody wants ({@code sweep}). Here is
 * only how a cluster is and how it fails.
 *
 * <p>The order in which a cluster comes up, its time limits and the way out of every error are the
 * process model's business. The room knows no engine.
 */
package io.unicoredask.cluster;
