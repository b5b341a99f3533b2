package io.unicoredask.cluster.keeper;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;

/**
 * What a keeper remembers from one look to the next, and may forget when another takes over.
 *
 * @param fewerWanted how many looks in a row have found fewer workers wanted
 * @param relayMissingSince since when the cluster's relay cannot be used; null when it can, or none
 *     is wanted
 */
@RecordBuilder
record Recollection(int fewerWanted, Instant relayMissingSince)
    implements RecollectionBuilder.With {

  /** Nothing yet. */
  static final Recollection NONE = new Recollection(0, null);
}
