package io.unicoredask.cluster.keeper;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * What a keeper remembers from one look to the next, and may forget when another takes over.
 *
 * @param fewerWanted how many looks in a row have found fewer workers wanted
 * @param relayMissingSince since when the cluster's relay cannot be used; null when it can, or none
 *     is wanted
 * @param idle whether the scheduler said that it ends since it was idle for so long as it may
 * @param queued how long the worker job queued that began last; zero until one has
 * @param missingSince since when jobs that go on lack workers that they had, by their numbers
 */
@RecordBuilder
record Recollection(
    int fewerWanted,
    Instant relayMissingSince,
    boolean idle,
    Duration queued,
    Map<Integer, Instant> missingSince)
    implements RecollectionBuilder.With {

  /** Nothing yet. */
  static final Recollection NONE = new Recollection(0, null, false, Duration.ZERO, Map.of());
}
