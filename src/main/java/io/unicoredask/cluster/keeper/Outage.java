package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.identity.HandsOffException;
import io.unicoredask.dask.SchedulerHttpException;
import io.unicoredask.unicore.UnicoreException;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time in which a keeper cannot go on. Waiting goes on; when it lasts, or cannot end by itself,
 * an incident says so, and goes when the outage is over.
 */
class Outage {

  private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

  private final String what;
  private final ClusterRecords records;
  private final Duration incidentAfter;
  private Instant since;
  private String incidentAt;

  /** After a takeover there may be one of which this process knows nothing. */
  private boolean incidentUnknown = true;

  Outage(String what, ClusterRecords records, Duration incidentAfter) {
    this.what = what;
    this.records = records;
    this.incidentAfter = incidentAfter;
  }

  /** Whether it is the site, or the scheduler there, that has failed, and not the record. */
  static boolean isOfTheSite(Throwable e) {
    return e instanceof UnicoreException
        || e instanceof SchedulerHttpException
        || e instanceof HandsOffException;
  }

  /** Whether a failure may pass without anybody doing anything about it. */
  static boolean mayPass(Throwable e) {
    if (e instanceof HandsOffException denied) {
      return denied.mayPass();
    }
    return e instanceof UnicoreException site
        ? site.isRetryable()
        : e instanceof SchedulerHttpException scheduler && scheduler.isRetryable();
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
      if (mayPass(reason) || reason instanceof HandsOffException) {
        LOG.warn("{} goes on waiting: {}", what, reason.getMessage());
      } else {
        LOG.warn("{} cannot go on", what, reason);
      }
    }
    boolean lasts = Duration.between(since, now).compareTo(incidentAfter) >= 0;
    if (!execution.equals(incidentAt) && (lasts || !mayPass(reason))) {
      records.openIncident(execution, String.valueOf(reason.getMessage()));
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
      records.resolveIncident(incidentAt == null ? execution : incidentAt);
      incidentUnknown = false;
      incidentAt = null;
    }
  }
}
