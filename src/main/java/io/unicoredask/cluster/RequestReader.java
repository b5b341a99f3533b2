package io.unicoredask.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a {@link ClusterRequest} from loosely typed variables and collects all that is wrong. */
class RequestReader {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_WORKERS = 100_000;
  private static final int MAX_JOBS = 10_000;
  private static final int MAX_SHOWN = 200;

  private final Map<String, ?> variables;
  private final Sites sites;
  private final List<String> problems = new ArrayList<>();

  RequestReader(Map<String, ?> variables, Sites sites) {
    this.variables = variables;
    this.sites = sites;
  }

  ClusterRequest read(Size lastSize) {
    String siteName = site();
    SiteDefaults defaults = siteName.isEmpty() ? SiteDefaults.NONE : sites.get(siteName).defaults();
    SiteLimits limits = siteName.isEmpty() ? SiteLimits.NONE : sites.get(siteName).limits();
    Object allocation = variables.get("allocation");
    boolean allocationIsUrl = allocation instanceof String text && text.strip().startsWith("http");
    ClusterRequest request =
        new ClusterRequest(
            siteName,
            size(lastSize),
            text("queue"),
            text("project"),
            number("threads", 1, 100_000, null),
            number("processes", 1, 10_000, 1),
            job("schedulerJob", defaults.schedulerJob(), defaults, "--scheduler-file"),
            job("workerJob", defaults.workerJob(), defaults, "--name", "--nworkers"),
            allocation == null || allocationIsUrl ? null : job("allocation", null, defaults),
            allocationIsUrl ? url("allocation") : null,
            number("localPort", 0, 65535, 4322),
            truth("connectDashboard", false),
            number("localDashboardPort", 0, 65535, 4323),
            truth("waitForStartup", true),
            number("minWorkers", 0, MAX_WORKERS, null),
            number("maxReplacements", 0, MAX_WORKERS, 10),
            truth("dryRun", false),
            truth("debug", false),
            choice("queueWorkers", QueueWorkers.values(), QueueWorkers::value),
            choice("onSchedulerLost", OnSchedulerLost.values(), OnSchedulerLost::value),
            clocks(siteName, limits.lifetime()));
    if (request.connectDashboard()
        && request.localPort() != 0
        && request.localPort() == request.localDashboardPort()) {
      refuse("localDashboardPort", "a port other than localPort, or 0 for any free one");
    }
    if (request.allocation() != null && !isBelow(request.allocation(), request.site())) {
      refuse("allocation", "the URL of a job at the site itself, below " + baseUrl(request.site()));
    }
    refuseMoreJobsThanNodes(request);
    refuseMoreThan(limits, request);
    int jobs = request.size().jobsOf(request.processes());
    if (jobs > MAX_JOBS) {
      problems.add(
          "%s with processes = %d make %d jobs; allowed are up to %d jobs"
              .formatted(request.size(), request.processes(), jobs, MAX_JOBS));
    }
    requireNoProblems();
    return request;
  }

  void requireNoProblems() {
    if (!problems.isEmpty()) {
      throw new ClusterException(ClusterError.DASK_INVALID_REQUEST, String.join("; ", problems));
    }
  }

  private String site() {
    String name = text("site");
    if (name == null && sites.names().size() == 1) {
      return sites.names().iterator().next();
    }
    if (name == null || !sites.names().contains(name)) {
      refuse("site", "one of the configured sites " + sites.names());
      return "";
    }
    return name;
  }

  /** Each job takes a node of the allocation, the scheduler's too. */
  private void refuseMoreJobsThanNodes(ClusterRequest request) {
    if (request.newAllocation() == null
        || !request.newAllocation().path("Resources").has("Nodes")) {
      return;
    }
    int nodes = request.newAllocation().path("Resources").path("Nodes").asInt();
    int jobs = 1 + request.size().jobsOf(request.processes());
    if (jobs > nodes) {
      problems.add(
          "%s and the scheduler make %d jobs in an allocation of %d nodes (Resources.Nodes); allowed are as many jobs as nodes"
              .formatted(request.size(), jobs, nodes));
    }
  }

  private void refuseMoreThan(SiteLimits limits, ClusterRequest request) {
    long jobs = request.size().jobsOf(request.processes());
    refuseMoreThan(limits.workers(), jobs * request.processes(), "workers", request);
    refuseMoreThan(limits.jobs(), jobs, "jobs", request);
  }

  private void refuseMoreThan(Integer limit, long made, String what, ClusterRequest request) {
    if (limit != null && made > limit) {
      problems.add(
          "%s = %d with processes = %d makes %d %s, which is not allowed; allowed are up to %d at site '%s' (%s)"
              .formatted(
                  request.size().unit() == Size.Unit.JOBS ? "jobs" : "workers",
                  request.size().number(),
                  request.processes(),
                  made,
                  what,
                  limit,
                  request.site(),
                  limitProperty(request.site(), what)));
    }
  }

  private static String limitProperty(String site, String limit) {
    return "unicore-dask.sites.%s.limits.%s".formatted(site, limit);
  }

  private boolean isBelow(URI url, String site) {
    return site.isEmpty() || url.toString().startsWith(baseUrl(site) + "/jobs/");
  }

  private URI baseUrl(String site) {
    return sites.get(site).unicore().baseUrl();
  }

  private Size size(Size last) {
    Integer workers = number("workers", 0, MAX_WORKERS, null);
    Integer jobs = number("jobs", 0, MAX_JOBS, null);
    if (workers != null && jobs != null) {
      boolean oldWorkers = Size.workers(workers).equals(last);
      boolean oldJobs = Size.jobs(jobs).equals(last);
      if (oldWorkers == oldJobs) {
        problems.add("workers and jobs are both given; allowed is one of them");
      }
      return oldWorkers ? Size.jobs(jobs) : Size.workers(workers);
    }
    if (workers != null) {
      return Size.workers(workers);
    }
    if (jobs != null) {
      return Size.jobs(jobs);
    }
    return last == null ? Size.workers(0) : last;
  }

  private Map<Clock, Duration> clocks(String site, Duration longestLife) {
    Map<Clock, Duration> clocks = new EnumMap<>(Clock.class);
    for (Clock clock : Clock.values()) {
      clocks.put(clock, duration(clock));
    }
    if (longestLife != null && clocks.get(Clock.LIFETIME).compareTo(longestLife) > 0) {
      if (text(Clock.LIFETIME.variable()) != null) {
        refuse(
            Clock.LIFETIME.variable(),
            "up to %s at site '%s' (%s)"
                .formatted(longestLife, site, limitProperty(site, "lifetime")));
      }
      clocks.put(Clock.LIFETIME, longestLife);
    }
    return clocks;
  }

  private Duration duration(Clock clock) {
    String text = text(clock.variable());
    if (text == null) {
      return clock.defaultValue();
    }
    try {
      Duration duration = Duration.parse(text);
      if (duration.isZero() || duration.isNegative()) {
        throw new DateTimeParseException("not positive", text, 0);
      }
      return duration;
    } catch (DateTimeParseException e) {
      refuse(clock.variable(), "an ISO 8601 duration longer than zero, such as PT30M or P1D");
      return clock.defaultValue();
    }
  }

  String text(String name) {
    Object value = variables.get(name);
    if (value == null) {
      return null;
    }
    if (!(value instanceof String text)) {
      refuse(name, "a text");
      return null;
    }
    return text.isBlank() ? null : text.strip();
  }

  private Integer number(String name, int min, int max, Integer otherwise) {
    Object value = variables.get(name);
    if (value == null || value instanceof String text && text.isBlank()) {
      return otherwise;
    }
    try {
      if (value instanceof Number || value instanceof String) {
        int number = new BigDecimal(value.toString().strip()).intValueExact();
        if (number >= min && number <= max) {
          return number;
        }
      }
    } catch (ArithmeticException | NumberFormatException e) {
      // refused below
    }
    refuse(name, "a whole number from %d to %d".formatted(min, max));
    return otherwise;
  }

  private boolean truth(String name, boolean otherwise) {
    Object value = variables.get(name);
    if (value == null || value instanceof String text && text.isBlank()) {
      return otherwise;
    }
    if (value instanceof Boolean truth) {
      return truth;
    }
    if ("true".equals(value) || "false".equals(value)) {
      return "true".equals(value);
    }
    refuse(name, "true or false");
    return otherwise;
  }

  private <T> T choice(String name, T[] all, Function<T, String> value) {
    String text = text(name);
    for (T one : all) {
      if (value.apply(one).equals(text)) {
        return one;
      }
    }
    if (text != null) {
      refuse(name, Stream.of(all).map(value).collect(Collectors.joining(" or ")));
    }
    return all[0];
  }

  private URI url(String name) {
    try {
      return URI.create(variables.get(name).toString().strip());
    } catch (IllegalArgumentException e) {
      refuse(name, "a job description in JSON, or the URL of a running allocation");
      return null;
    }
  }

  /** A job description of a shape that can be added to, without the arguments that are ours. */
  ObjectNode job(
      String name, String defaultTemplate, SiteDefaults defaults, String... ownArguments) {
    ObjectNode job = described(name, defaultTemplate, defaults.templates());
    if (!job.path("Arguments").isMissingNode() && !job.path("Arguments").isArray()) {
      refuse(name, "a job description whose Arguments are a list");
    }
    if (!job.path("Tags").isMissingNode() && !job.path("Tags").isArray()) {
      refuse(name, "a job description whose Tags are a list");
    }
    if (!job.path("Resources").isMissingNode() && !job.path("Resources").isObject()) {
      refuse(name, "a job description whose Resources are an object");
    }
    if (!job.path("Environment").isMissingNode() && !job.path("Environment").isContainerNode()) {
      refuse(name, "a job description whose Environment is a list of NAME=value, or an object");
    }
    for (String argument : ownArguments) {
      for (JsonNode given : job.path("Arguments")) {
        if (given.asText().equals(argument) || given.asText().startsWith(argument + "=")) {
          refuse(
              name,
              "a job description without the argument %s, which the cluster sets itself"
                  .formatted(argument));
        }
      }
    }
    return job;
  }

  private ObjectNode described(
      String name, String defaultTemplate, Map<String, ObjectNode> templates) {
    Object value = variables.get(name);
    if (value == null || value instanceof String text && text.isBlank()) {
      return defaultTemplate == null
          ? JSON.createObjectNode()
          : templates.get(defaultTemplate).deepCopy();
    }
    if (value instanceof String text && text.strip().matches("[\\w.-]+")) {
      ObjectNode template = templates.get(text.strip());
      if (template == null) {
        refuse(
            name,
            "a job description in JSON, or one of the site's templates "
                + new TreeSet<>(templates.keySet()));
        return JSON.createObjectNode();
      }
      return template.deepCopy();
    }
    return json(name, value);
  }

  private ObjectNode json(String name, Object value) {
    try {
      JsonNode node = value instanceof String text ? JSON.readTree(text) : JSON.valueToTree(value);
      if (node instanceof ObjectNode object) {
        return object;
      }
      refuse(name, "a JSON object, a UNICORE job description");
    } catch (JsonProcessingException e) {
      refuse(name, "a JSON object, a UNICORE job description (%s)".formatted(where(e)));
    } catch (IllegalArgumentException e) {
      refuse(name, "a JSON object, a UNICORE job description");
    }
    return JSON.createObjectNode();
  }

  private static String where(JsonProcessingException e) {
    // Jackson tells at length that it does not show the source
    String message = e.getOriginalMessage().replaceAll("\\[Source: [^;]*; ", "[");
    return e.getLocation() == null
        ? message
        : "%s at line %d, column %d"
            .formatted(message, e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }

  void refuse(String name, String allowed) {
    Object value = variables.get(name);
    String shown = String.valueOf(value);
    if (shown.length() > MAX_SHOWN) {
      shown = shown.substring(0, MAX_SHOWN) + "…";
    }
    String type = value == null ? "" : " (" + value.getClass().getSimpleName() + ")";
    problems.add("%s = %s%s is not allowed; allowed is %s".formatted(name, shown, type, allowed));
  }
}
