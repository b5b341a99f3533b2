package io.unicoredask.camunda;

import io.unicoredask.cluster.ClusterActivities;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.runtime.Incident;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time in which nothing can be known of what an execution waits for. Waiting goes on; when it
 * lasts, or cannot end by itself, an incident says so in Cockpit, and goes when the outage is over.
 */
class Outage {

  /** The type of the incidents. */
  static final String INCIDENT_TYPE = "daskSite";

  private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

  private final String executionId;
  private final RuntimeService engine;
  private final Duration incidentAfter;
  private Instant since;
  private boolean incidentsUnknown = true;
  private boolean incidentOpen;

  Outage(String executionId, RuntimeService engine, Duration incidentAfter) {
    this.executionId = executionId;
    this.engine = engine;
    this.incidentAfter = incidentAfter;
  }

  void goesOn(RuntimeException reason) {
    Instant now = Instant.now();
    if (since == null) {
      since = now;
      LOG.warn("Execution {} goes on waiting: {}", executionId, reason.toString());
    }
    boolean lasts = Duration.between(since, now).compareTo(incidentAfter) >= 0;
    if (!incidentOpen && (lasts || !ClusterActivities.mayPass(reason))) {
      openIncident(reason);
    }
  }

  void isOver() {
    if (since != null) {
      LOG.info("Execution {}: what it waits for can be seen again", executionId);
      since = null;
    }
    if (incidentOpen || incidentsUnknown) {
      incidents().forEach(incident -> engine.resolveIncident(incident.getId()));
      incidentsUnknown = false;
      incidentOpen = false;
    }
  }

  /** The engine resolves an incident by its configuration, so that there must be one. */
  private void openIncident(RuntimeException reason) {
    try {
      LOG.warn("Execution {}: opening an incident", executionId, reason);
      if (incidents().isEmpty()) {
        engine.createIncident(
            INCIDENT_TYPE,
            executionId,
            executionId,
            Texts.fitting(String.valueOf(reason.getMessage())));
      }
      incidentOpen = true;
    } catch (RuntimeException e) {
      LOG.warn("Execution {}: could not open an incident; trying again", executionId, e);
    }
  }

  private List<Incident> incidents() {
    return engine.createIncidentQuery().executionId(executionId).incidentType(INCIDENT_TYPE).list();
  }
}
