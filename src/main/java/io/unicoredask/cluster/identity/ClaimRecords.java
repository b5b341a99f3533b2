package io.unicoredask.cluster.identity;

/** Where an engine's claims are on record: its database. */
public interface ClaimRecords {

  /** All that is on record. */
  OnRecord read();

  /** Puts down what the engine claims at a site, in place of what it claimed there before. */
  void write(String site, StoredClaim claim);
}
