/**
 * Whether the record that an engine has is the one that its jobs at a site belong to. A copy of its
 * database, on a test machine or out of a backup, has the same record and the same tags, and must
 * not act beside it.
 *
 * <p>The engine leaves its claim as a small file in its home directory at each site, and the same
 * on record. What the one says of the other is decided by {@link
 * io.unicoredask.cluster.identity.ClaimRules}, which ask and do nothing.
 */
package io.unicoredask.cluster.identity;
