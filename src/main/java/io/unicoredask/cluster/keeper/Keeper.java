package io.unicoredask.cluster.keeper;

/** Looks after one thing for as long as it is there. Its turns come one at a time. */
interface Keeper {

  /** What it looks after; no other keeper has this. */
  String id();

  /** Does what is to be done now, and says when to come back. Throws nothing. */
  Next turn();
}
