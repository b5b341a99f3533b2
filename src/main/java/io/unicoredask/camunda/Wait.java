package io.unicoredask.camunda;

import io.unicoredask.cluster.Cluster;
import io.unicoredask.cluster.ClusterActivities;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.Progress;
import java.time.Duration;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.SuspendedEntityInteractionException;
import org.camunda.spin.plugin.variable.value.JsonValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One execution that waits, and when to look next for it. Used by one thread at a time. */
class Wait {

  private static final Logger LOG = LoggerFactory.getLogger(Wait.class);

  private final String executionId;
  private final Watched activity;
  private final RuntimeService engine;
  private final WatchPace pace;
  private final Outage outage;
  private Duration nextLook;
  private String note;
  private Cluster last;

  Wait(String executionId, Watched activity, ProcessEngine engine, WatchPace pace) {
    this.executionId = executionId;
    this.activity = activity;
    this.engine = engine.getRuntimeService();
    this.pace = pace;
    this.outage = new Outage(executionId, this.engine, pace.incidentAfter());
    this.nextLook = pace.first();
  }

  String executionId() {
    return executionId;
  }

  /** How long after this look the next should come. */
  Duration nextLook() {
    return nextLook;
  }

  /**
   * Looks once, and tells the execution what there was to see.
   *
   * @return whether to look again
   */
  boolean look() {
    nextLook = pace.after(nextLook);
    try {
      if (!isWaiting()) {
        return !abandoned();
      }
      Cluster cluster = ClusterVariables.read(clusterVariable());
      if (cluster == null) {
        return true;
      }
      last = cluster;
      return !tell(cluster) || isWaiting();
    } catch (OptimisticLockingException e) {
      nextLook = pace.first();
      return true;
    } catch (SuspendedEntityInteractionException e) {
      return true;
    } catch (RuntimeException e) {
      return isOver() ? !abandoned() : goesOn(e);
    }
  }

  /** It was told of no end, so that somebody has cancelled it. */
  private boolean abandoned() {
    if (last == null) {
      return true;
    }
    try {
      activity.abandon(last);
      return true;
    } catch (RuntimeException e) {
      LOG.warn("Execution {} is gone; could not end what it waited for", executionId, e);
      return !ClusterActivities.mayPass(e);
    }
  }

  private boolean goesOn(RuntimeException reason) {
    outage.goesOn(reason);
    return true;
  }

  /** Whether it was woken or deleted while it was looked after, which is no outage. */
  private boolean isOver() {
    try {
      return !isWaiting();
    } catch (RuntimeException e) {
      return false;
    }
  }

  /** Returns whether there was an end to tell of. */
  private boolean tell(Cluster cluster) {
    Look look;
    try {
      Progress progress = activity.look(cluster, engine, executionId);
      outage.isOver();
      if (isOldNews(cluster, progress)) {
        return false;
      }
      nextLook = pace.first();
      note = progress.note();
      look = new Look(cluster, progress, null);
    } catch (ClusterException e) {
      outage.isOver();
      look = new Look(cluster, null, e);
    }
    engine.signal(executionId, null, look, null);
    if (look.failure() != null) {
      ClusterException e = look.failure();
      LOG.warn("Cluster {} failed, {}: {}", cluster.id(), e.error(), e.getMessage());
    }
    return look.failure() != null || look.progress().done();
  }

  private boolean isOldNews(Cluster cluster, Progress progress) {
    return !progress.done() && progress.cluster().equals(cluster) && progress.note().equals(note);
  }

  private boolean isWaiting() {
    return engine
            .createVariableInstanceQuery()
            .executionIdIn(executionId)
            .variableName(DaskVariables.WAITING)
            .count()
        > 0;
  }

  private JsonValue clusterVariable() {
    return engine.getVariableTyped(executionId, DaskVariables.CLUSTER, false);
  }
}
