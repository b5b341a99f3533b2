package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.identity.Permit;
import io.unicoredask.cluster.site.Sites;
import java.time.Duration;
import java.time.Instant;

/** What all keepers of this node share. */
interface Keeping {

  Sites sites();

  ClusterRecords records();

  ClusterTunnels tunnels();

  SiteThreads threads(String site);

  Pace pace();

  /** Which clusters wait in queues. */
  Queueing queueing();

  /** How long a cluster may not be able to go on until an incident says so. */
  Duration incidentAfter();

  /** Whether this node, and no other, looks after the clusters. */
  boolean mayAct();

  /** Lets this engine act at a site, as long as it is no copy of another. */
  Permit permit();

  /** Notes that something is about to be done at a site. */
  void acts();

  Instant now();

  /** Has looked after what runs beside a cluster's life, in it. */
  void aside(ClusterKeeper cluster, Demand demand);
}
