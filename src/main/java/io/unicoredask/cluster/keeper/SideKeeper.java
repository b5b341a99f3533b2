package io.unicoredask.cluster.keeper;

import java.util.Map;
import java.util.Optional;

/**
 * Looks after an activity that runs beside its cluster's life. It goes on until it is over,
 * whatever comes between.
 */
abstract class SideKeeper implements Keeper {

  private final Waiting waiting;
  private final ClusterKeeper cluster;
  private final Keeping keeping;
  private final Outage outage;
  private final Backoff backoff;

  /**
   * @param what what it does in its cluster, for the log
   */
  SideKeeper(Waiting waiting, ClusterKeeper cluster, Keeping keeping, String what) {
    this.waiting = waiting;
    this.cluster = cluster;
    this.keeping = keeping;
    this.outage = new Outage("Cluster %s: %s".formatted(cluster.id(), what), keeping);
    this.backoff = new Backoff(keeping.pace());
  }

  @Override
  public final String id() {
    return waiting.execution();
  }

  @Override
  public final Next turn() {
    try {
      if (step()) {
        return Next.NEVER;
      }
    } catch (Superseded e) {
      backoff.reset();
    } catch (Throwable e) {
      // Whatever it was, somebody still waits.
      outage.isSaid(e, this::hindered);
    }
    return backoff.next();
  }

  /** Does what is to be done now, and returns whether it is over. */
  abstract boolean step();

  final ClusterKeeper cluster() {
    return cluster;
  }

  final Keeping keeping() {
    return keeping;
  }

  /** Nothing keeps it from going on. */
  final void goesOn() {
    outage.isOver(id());
  }

  private void hindered(Throwable reason) {
    if (keeping.records().isWaiting(id())) {
      outage.goesOn(reason, id(), keeping.now());
    }
  }

  /**
   * Puts down and tells how far it is.
   *
   * @throws Superseded if this node may not, or nobody waits any more
   */
  final void tell(
      Optional<ScriptJob> script, Map<String, Object> outputs, Optional<Outcome> outcome) {
    if (!keeping.mayAct()) {
      throw new Superseded();
    }
    keeping.records().write(new SideWriting(id(), script, outputs, outcome));
  }
}
