package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.identity.HandsOffException;
import io.unicoredask.dask.SchedulerHttpException;
import io.unicoredask.unicore.UnicoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time in which a keeper cannot go on. Waiting goes on; when it lasts, or cannot end by itself,
 * an incident says so, and goes when the outage is over.
 */
class Outage {

  private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

  private final String what;
  private final Keeping keeping;
  private Instant since;
  private String incidentAt;

  /** After a takeover there may be one of which this process knows nothing. */
  private boolean incidentUnknown;

  /**
   * One of which it is not known whether there is an incident.
   *
   * @param what what cannot go on, for the log
   */
  Outage(String what, Keeping keeping) {
    this.what = what;
    this.keeping = keeping;
    this.incidentUnknown = true;
  }

  /**
   * That of a cluster that another looked after until now.
   *
   * @param what what cannot go on, for the log
   * @param incidents the executions at which an incident is open
   */
  static Outage takenOver(String what, Keeping keeping, Demand demand, Set<String> incidents) {
    Outage outage = new Outage(what, keeping);
    outage.incidentUnknown = false;
    outage.incidentAt =
        demand.waiting().stream()
            .map(Waiting::execution)
            .filter(incidents::contains)
            .findFirst()
            .orElse(null);
    return outage;
  }

  /** Whether it is the site, or the scheduler there, that has failed, and not the record. */
  static boolean isOfTheSite(Throwable e) {
    return e instanceof UnicoreException
        || e instanceof SchedulerHttpException
        || e instanceof HandsOffException;
  }

  /** Whether a failure may pass without anybody doing anything about it. */
  static boolean isRetryable(Throwable e) {
    if (e instanceof HandsOffException denied) {
      return denied.isRetryable();
    }
    return e instanceof UnicoreException site
        ? site.isRetryable()
        : e instanceof SchedulerHttpException scheduler && scheduler.isRetryable();
  }

  /**
   * Has a keeper say what keeps it from going on, if this node may. Throws nothing: nobody would
   * look after what it looks after any more.
   *
   * @return whether it could be said
   */
  boolean isSaid(Throwable reason, Consumer<Throwable> saying) {
    try {
      if (keeping.mayAct()) {
        saying.accept(reason);
      }
      return true;
    } catch (Throwable e) {
      LOG.warn("{}: could not say what keeps it from going on; trying again", what, e);
      return false;
    }
  }

  /** Whether there is one. */
  boolean isOn() {
    return since != null;
  }

  /**
   * It goes on.
   *
   * @param execution that of an activity that waits
   * @return whether it has just begun
   */
  boolean goesOn(Throwable reason, String execution, Instant now) {
    boolean begins = since == null;
    if (begins) {
      since = now;
      if (isRetryable(reason) || reason instanceof HandsOffException) {
        LOG.warn("{} goes on waiting: {}", what, reason.getMessage());
      } else {
        LOG.warn("{} cannot go on", what, reason);
      }
    }
    boolean lasts = Duration.between(since, now).compareTo(keeping.incidentAfter()) >= 0;
    if (!execution.equals(incidentAt) && (lasts || !isRetryable(reason))) {
      keeping.records().openIncident(execution, IncidentText.of(reason));
      incidentAt = execution;
      incidentUnknown = false;
    }
    return begins;
  }

  /**
   * It is over, or there is none.
   *
   * @param execution that of an activity that waits
   */
  void isOver(String execution) {
    if (since != null) {
      LOG.info("{} goes on", what);
      since = null;
    }
    if (incidentAt != null || incidentUnknown) {
      keeping.records().resolveIncident(incidentAt == null ? execution : incidentAt);
      incidentUnknown = false;
      incidentAt = null;
    }
  }
}
