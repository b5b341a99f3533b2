package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.LogContext;
import io.unicoredask.cluster.keeper.KeeperListener.Kind;
import java.util.HashMap;
import java.util.Locale;
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
  private final Kind kind;
  private final Outage outage;
  private final Backoff backoff;

  /**
   * @param what what it does in its cluster, for the log
   */
  SideKeeper(Waiting waiting, ClusterKeeper cluster, Keeping keeping, Kind kind, String what) {
    this.waiting = waiting;
    this.cluster = cluster;
    this.keeping = keeping;
    this.kind = kind;
    this.outage = new Outage("Cluster %s: %s".formatted(cluster.id(), what), keeping);
    this.backoff = new Backoff(keeping.pace());
  }

  @Override
  public final String id() {
    return waiting.execution();
  }

  @Override
  public final String site() {
    return cluster.site();
  }

  @Override
  public final Kind kind() {
    return kind;
  }

  @Override
  public final Map<String, String> logContext() {
    Map<String, String> all = new HashMap<>(cluster.logContext());
    all.put(LogContext.JOB, kind.name().toLowerCase(Locale.ROOT));
    return all;
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
