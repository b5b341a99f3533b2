package io.unicoredask.cluster.request;

import static io.unicoredask.cluster.request.ClusterVariable.ALLOCATION;
import static io.unicoredask.cluster.request.ClusterVariable.CONNECT_DASHBOARD;
import static io.unicoredask.cluster.request.ClusterVariable.DEBUG;
import static io.unicoredask.cluster.request.ClusterVariable.DRY_RUN;
import static io.unicoredask.cluster.request.ClusterVariable.IDLE_TIMEOUT;
import static io.unicoredask.cluster.request.ClusterVariable.LOCAL_DASHBOARD_PORT;
import static io.unicoredask.cluster.request.ClusterVariable.LOCAL_PORT;
import static io.unicoredask.cluster.request.ClusterVariable.MAX_REPLACEMENTS;
import static io.unicoredask.cluster.request.ClusterVariable.MIN_WORKERS;
import static io.unicoredask.cluster.request.ClusterVariable.ON_SCHEDULER_LOST;
import static io.unicoredask.cluster.request.ClusterVariable.PROCESSES;
import static io.unicoredask.cluster.request.ClusterVariable.PROJECT;
import static io.unicoredask.cluster.request.ClusterVariable.QUEUE;
import static io.unicoredask.cluster.request.ClusterVariable.QUEUE_WORKERS;
import static io.unicoredask.cluster.request.ClusterVariable.RENEW_WORKERS;
import static io.unicoredask.cluster.request.ClusterVariable.SCHEDULER_JOB;
import static io.unicoredask.cluster.request.ClusterVariable.SECURITY;
import static io.unicoredask.cluster.request.ClusterVariable.SITE;
import static io.unicoredask.cluster.request.ClusterVariable.THREADS;
import static io.unicoredask.cluster.request.ClusterVariable.TUNNEL;
import static io.unicoredask.cluster.request.ClusterVariable.WAIT_FOR_STARTUP;
import static io.unicoredask.cluster.request.ClusterVariable.WORK;
import static io.unicoredask.cluster.request.ClusterVariable.WORKER_JOB;
import static io.unicoredask.cluster.request.ClusterVariable.WORKER_LOST_AFTER;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.unicoredask.cluster.site.SiteDefaults;
import io.unicoredask.cluster.site.SiteLimits;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.dask.ClusterCertificates;
import io.unicoredask.unicore.UnicoreException;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Reads a {@link ClusterRequest} from loosely typed variables, all of it or what is new of it, and
 * collects all that is wrong.
 */
class RequestReader {

  private final Map<String, ?> variables;
  private final VariableReader given;
  private final Sites sites;

  /** What counted before; null at first. */
  private final ClusterRequest before;

  private final String site;
  private final JobDescriptionReader descriptions;

  RequestReader(Map<String, ?> variables, Sites sites, ClusterRequest before) {
    this.variables = variables;
    this.given = new VariableReader(variables);
    this.sites = sites;
    this.before = before;
    this.site = before == null ? site() : before.site();
    this.descriptions =
        new JobDescriptionReader(given, () -> siteDefaults().templates(), site, this::siteLimits);
  }

  Reading<ClusterRequest> read() {
    given.problems(ReservedNames.problems(variables.keySet()));
    given.problems(NearMisses.problems(variables.keySet()));
    if (before != null) {
      refuseWhatNoMessageMayChange();
    }
    AskedSize size = new SizeReader(given).read(before);
    ClusterRequest request =
        new ClusterRequest(
            site,
            size.size(),
            size.adapt(),
            given.name(QUEUE.variable(), kept(ClusterRequest::queue, null)),
            given.name(PROJECT.variable(), kept(ClusterRequest::project, null)),
            number(THREADS, ClusterRequest::threads, null),
            number(PROCESSES, ClusterRequest::processes, PROCESSES.variable().defaultNumber()),
            job(
                SCHEDULER_JOB,
                ClusterRequest::schedulerJob,
                SiteDefaults::schedulerJob,
                JobUse.SCHEDULER),
            job(WORKER_JOB, ClusterRequest::workerJob, SiteDefaults::workerJob, JobUse.WORKER),
            newAllocation(),
            allocation(),
            number(LOCAL_PORT, ClusterRequest::localPort, LOCAL_PORT.variable().defaultNumber()),
            truth(CONNECT_DASHBOARD, ClusterRequest::connectDashboard),
            number(
                LOCAL_DASHBOARD_PORT,
                ClusterRequest::localDashboardPort,
                LOCAL_DASHBOARD_PORT.variable().defaultNumber()),
            truth(WAIT_FOR_STARTUP, ClusterRequest::waitForStartup),
            number(MIN_WORKERS, ClusterRequest::minWorkers, null),
            number(
                MAX_REPLACEMENTS,
                ClusterRequest::maxReplacements,
                MAX_REPLACEMENTS.variable().defaultNumber()),
            given.duration(
                WORKER_LOST_AFTER.variable(),
                kept(ClusterRequest::workerLostAfter, ClusterVariable.DEFAULT_WORKER_LOST_AFTER)),
            truth(RENEW_WORKERS, ClusterRequest::renewWorkers),
            truth(DRY_RUN, ClusterRequest::dryRun),
            truth(DEBUG, ClusterRequest::debug),
            choice(
                QUEUE_WORKERS,
                QueueWorkers.values(),
                QueueWorkers::value,
                ClusterRequest::queueWorkers),
            choice(
                ON_SCHEDULER_LOST,
                OnSchedulerLost.values(),
                OnSchedulerLost::value,
                ClusterRequest::onSchedulerLost),
            given.duration(IDLE_TIMEOUT.variable(), kept(ClusterRequest::idleTimeout, null)),
            choice(TUNNEL, TunnelKind.values(), TunnelKind::value, ClusterRequest::tunnel),
            choice(SECURITY, Security.values(), Security::value, ClusterRequest::security),
            clocks(),
            text(WORK, ClusterRequest::work),
            before == null ? JobDefaults.of(siteDefaults()) : before.defaults(),
            before == null ? RawValues.kept(variables) : RawValues.kept(before.given(), variables),
            kept(ClusterRequest::others, Map.of()));
    check(request);
    return given.reading(request);
  }

  private void check(ClusterRequest request) {
    if (given.has(QUEUE.variable())) {
      descriptions.queue("queue", TextNode.valueOf(request.queue()));
    }
    if (given.has(PROJECT.variable())) {
      descriptions.project("project", TextNode.valueOf(request.project()));
    }
    if (before == null
        && request.connectDashboard()
        && request.localPort() != 0
        && request.localPort() == request.localDashboardPort()) {
      given.refuse(
          LOCAL_DASHBOARD_PORT.variable(), "a port other than localPort, or 0 for any free one");
    }
    if (request.work() != null && request.onSchedulerLost() == OnSchedulerLost.RESTART) {
      given.problem(
          "work = %s with onSchedulerLost = restart is not allowed; allowed is one of them: a new scheduler does not know the work"
              .formatted(request.work()));
    }
    if (request.hasTls()) {
      checkTls(request);
    }
    if (before == null
        || Stream.of(THREADS, IDLE_TIMEOUT, SCHEDULER_JOB, WORKER_JOB, TUNNEL)
            .anyMatch(one -> given.has(one.variable()))) {
      given.problems(CommandConflicts.problems(request));
    }
    if (before == null
        || !request.size().equals(before.size())
        || request.processes() != before.processes()) {
      given.problems(SizeCheck.problems(request, siteLimits()));
    }
    if (before == null || given.has(SCHEDULER_JOB.variable()) || given.has(WORKER_JOB.variable())) {
      siteLimits()
          .countingNodes()
          .map(limit -> Footprint.problems(request, SizeCheck.limitProperty(site, limit)))
          .ifPresent(given::problems);
    }
  }

  private void checkTls(ClusterRequest request) {
    if (before == null) {
      given.problems(TlsCheck.problem(ClusterCertificates.canBeMade()).stream().toList());
      return;
    }
    for (TimeLimit clock : TlsCheck.tooLong(request, before)) {
      given.refuse(
          clock.described(),
          "with security = tls, what makes all time limits together no longer than %s, for which the cluster's certificates were made"
              .formatted(before.longest()));
    }
  }

  private void refuseWhatNoMessageMayChange() {
    Stream.of(ClusterVariable.values())
        .map(ClusterVariable::variable)
        .filter(variable -> variable.counts() == null && given.has(variable))
        .forEach(
            variable ->
                given.refuse(
                    variable, "what the cluster was started with, which no message can change"));
  }

  private String site() {
    String name = given.text(SITE.variable(), null);
    if (name == null && sites.names().size() == 1) {
      return sites.names().iterator().next();
    }
    if (name == null || !sites.names().contains(name)) {
      given.refuse(SITE.variable(), "one of the configured sites " + sites.names());
      return "";
    }
    return name;
  }

  private SiteDefaults siteDefaults() {
    return site.isEmpty() ? SiteDefaults.NONE : sites.get(site).defaults();
  }

  private SiteLimits siteLimits() {
    return site.isEmpty() ? SiteLimits.NONE : sites.get(site).limits();
  }

  private ObjectNode job(
      ClusterVariable variable,
      Function<ClusterRequest, ObjectNode> old,
      Function<SiteDefaults, String> template,
      JobUse use) {
    if (given.has(variable.variable())) {
      return descriptions.given(variable.variable(), use);
    }
    return before != null
        ? old.apply(before)
        : descriptions.template(variable.variable(), template.apply(siteDefaults()), use);
  }

  private ObjectNode newAllocation() {
    if (before != null) {
      return before.newAllocation();
    }
    return given.has(ALLOCATION.variable()) && !allocationIsUrl()
        ? descriptions.given(ALLOCATION.variable(), JobUse.ALLOCATION)
        : null;
  }

  private URI allocation() {
    if (before != null) {
      return before.allocation();
    }
    if (!allocationIsUrl()) {
      return null;
    }
    try {
      URI url = URI.create(given.text(ALLOCATION.variable(), null));
      if (!site.isEmpty() && !isJob(url)) {
        given.refuse(
            ALLOCATION.variable(),
            "the URL of a job at the site itself, below " + sites.get(site).unicore().baseUrl());
      }
      return url;
    } catch (IllegalArgumentException e) {
      given.refuse(ALLOCATION.variable());
      return null;
    }
  }

  private boolean isJob(URI url) {
    try {
      return sites.get(site).unicore().relative(url).getRawPath().startsWith("jobs/");
    } catch (UnicoreException e) {
      return false;
    }
  }

  private boolean allocationIsUrl() {
    return given.value(ALLOCATION.variable()) instanceof String text
        && text.strip().startsWith("http");
  }

  private Map<TimeLimit, Duration> clocks() {
    Map<TimeLimit, Duration> clocks = new EnumMap<>(TimeLimit.class);
    for (TimeLimit clock : TimeLimit.values()) {
      clocks.put(clock, given.duration(clock.described(), old(clock)));
    }
    Duration life = clocks.get(TimeLimit.LIFETIME);
    if (before == null || !life.equals(old(TimeLimit.LIFETIME))) {
      clocks.put(TimeLimit.LIFETIME, limited(life));
    }
    return clocks;
  }

  private Duration old(TimeLimit clock) {
    return before == null
        ? clock.defaultValue()
        : before.clocks().getOrDefault(clock, clock.defaultValue());
  }

  private Duration limited(Duration life) {
    Duration longest = siteLimits().lifetime();
    if (longest == null || life.compareTo(longest) <= 0) {
      return life;
    }
    if (given.has(TimeLimit.LIFETIME.described())) {
      given.refuse(
          TimeLimit.LIFETIME.described(),
          "up to %s at site '%s' (%s)"
              .formatted(longest, site, SizeCheck.limitProperty(site, "lifetime")));
    }
    return longest;
  }

  private <T> T kept(Function<ClusterRequest, T> old, T atFirst) {
    return before == null ? atFirst : old.apply(before);
  }

  private String text(ClusterVariable variable, Function<ClusterRequest, String> old) {
    return given.text(variable.variable(), kept(old, null));
  }

  private Integer number(
      ClusterVariable variable, Function<ClusterRequest, Integer> old, Integer atFirst) {
    return given.number(variable.variable(), kept(old, atFirst));
  }

  private boolean truth(ClusterVariable variable, Function<ClusterRequest, Boolean> old) {
    return given.truth(variable.variable(), kept(old, variable.variable().defaultTruth()));
  }

  /** The first of the enum is the default. */
  private <T> T choice(
      ClusterVariable variable,
      T[] all,
      Function<T, String> value,
      Function<ClusterRequest, T> old) {
    T usual =
        Stream.of(all)
            .filter(one -> value.apply(one).equals(variable.variable().defaultValue()))
            .findAny()
            .orElseThrow();
    return given.choice(variable.variable(), all, value, kept(old, usual));
  }
}
