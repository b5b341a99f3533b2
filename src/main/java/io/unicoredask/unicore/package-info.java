/**
 * The UNICORE REST API as this project uses it: one {@link io.unicoredask.unicore.UnicoreSite} per
 * site, its credentials, its answers as records, and its failures as {@link
 * io.unicoredask.unicore.UnicoreException}s that say whether a retry can help.
 *
 * <p>The room knows nothing of Dask, of Camunda or of tunnels. It never retries a call that may
 * have been taken, and waits for nothing but an answer and the {@link
 * io.unicoredask.unicore.RequestGate}; waiting and repeating are its callers' business.
 */
package io.unicoredask.unicore;
