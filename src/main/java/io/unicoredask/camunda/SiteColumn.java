package io.unicoredask.camunda;

import io.unicoredask.cluster.keeper.ClusterIdentity;

/**
 * A cluster's site in the record. What belongs to somebody's own account is written so that an
 * older node does not know the site: it would submit and look for jobs in the site's own name.
 */
final class SiteColumn {

  private static final String AS_INITIATOR = " (as initiator)";

  private SiteColumn() {}

  static String write(String site, ClusterIdentity identity) {
    return identity == ClusterIdentity.INITIATOR ? asInitiator(site) : site;
  }

  /** A site whose clusters have their starters' accounts. */
  static String asInitiator(String site) {
    return site + AS_INITIATOR;
  }

  static String read(String column, ClusterIdentity identity) {
    return identity == ClusterIdentity.INITIATOR && column.endsWith(AS_INITIATOR)
        ? column.substring(0, column.length() - AS_INITIATOR.length())
        : column;
  }

  /** Null, as of a cluster that an older version has begun, is the site's own account. */
  static ClusterIdentity identity(String column) {
    return column == null ? ClusterIdentity.SHARED : ClusterIdentity.valueOf(column);
  }
}
