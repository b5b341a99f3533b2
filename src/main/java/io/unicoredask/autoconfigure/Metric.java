package io.unicoredask.autoconfigure;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** What is measured. The one place that names it; the documentation's table is made from it. */
enum Metric {
  CLUSTERS(
      Meter.Type.GAUGE,
      "unicore.dask.clusters",
      "",
      Where.LEADER,
      "Dask clusters that are brought up (`pending`), can be used (`running`) or are torn down (`stopping`)",
      "site",
      "status"),
  CLUSTERS_ENDED(
      Meter.Type.COUNTER,
      "unicore.dask.clusters.ended",
      "",
      Where.NODE,
      "clusters that were torn down, `stopped` or `failed`, by what led to it, as in the variable `endedBy`",
      "site",
      "status",
      "ended_by"),
  WAITS(
      Meter.Type.TIMER,
      "unicore.dask.waits",
      "seconds",
      Where.NODE,
      "how long activities have waited that wait no more: what for (`phase`), which time limit ran meanwhile (`clock`), and whether it came about (`completed`) or a timer, an error or somebody ended the wait (`cancelled`)",
      "site",
      "phase",
      "clock",
      "outcome"),
  WAITS_ACTIVE(
      Meter.Type.GAUGE,
      "unicore.dask.waits.active",
      "",
      Where.LEADER,
      "activities that wait now",
      "site",
      "phase",
      "clock"),
  WAITS_LONGEST(
      Meter.Type.GAUGE,
      "unicore.dask.waits.longest",
      "seconds",
      Where.LEADER,
      "how long the one has waited so far that waits longest; 0 if none does",
      "site",
      "phase",
      "clock"),
  JOBS(
      Meter.Type.GAUGE,
      "unicore.dask.jobs",
      "",
      Where.LEADER,
      "jobs of clusters, as their keepers know them",
      "site",
      "role",
      "state"),
  WORKERS_PLANNED(
      Meter.Type.GAUGE,
      "unicore.dask.workers.planned",
      "",
      Where.LEADER,
      "workers that the jobs are to run which are not about to be ended",
      "site"),
  WORKERS_CONNECTED(
      Meter.Type.GAUGE,
      "unicore.dask.workers.connected",
      "",
      Where.LEADER,
      "workers that the schedulers have",
      "site"),
  REQUESTS(
      Meter.Type.TIMER,
      "unicore.dask.site.requests",
      "seconds",
      Where.NODE,
      "requests to a site's REST API, from when they were sent until the answer was read: `success`, `missing` (404, 416; often that was the question), `refused` (other 4xx), `failed` (5xx, or nonsense) or `no_answer`",
      "site",
      "call",
      "outcome"),
  REQUESTS_LIMIT(
      Meter.Type.GAUGE,
      "unicore.dask.site.requests.limit",
      "",
      Where.NODE,
      "how many requests the site gets in a second at the most (`max-requests-per-second`)",
      "site"),
  REQUESTS_WAITING(
      Meter.Type.GAUGE,
      "unicore.dask.site.requests.waiting",
      "",
      Where.NODE,
      "requests that wait for their turn, since the site gets no more in a second: `urgent` ones, or `routine` ones, which come after them",
      "site",
      "priority"),
  PAUSED(
      Meter.Type.GAUGE,
      "unicore.dask.site.paused",
      "",
      Where.NODE,
      "1 while the site is asked next to nothing, since it has not answered five times in a row",
      "site"),
  TUNNELS(
      Meter.Type.GAUGE,
      "unicore.dask.tunnels",
      "",
      Where.NODE,
      "open local ports; each cluster that can be reached has two",
      "site"),
  TUNNEL_CONNECTIONS(
      Meter.Type.GAUGE,
      "unicore.dask.tunnel.connections",
      "",
      Where.NODE,
      "clients that are connected to local ports, those of the keepers included",
      "site"),
  TUNNEL_BYTES(
      Meter.Type.COUNTER,
      "unicore.dask.tunnel.bytes",
      "bytes",
      Where.NODE,
      "what clients have sent (`up`) and were sent (`down`) through local ports",
      "site",
      "direction"),
  KEEPER_STEPS(
      Meter.Type.TIMER,
      "unicore.dask.keeper.steps",
      "seconds",
      Where.NODE,
      "turns of keepers, in which they look, decide and act: of clusters (`cluster`), scripts (`script`) or the reading of logs (`logs`)",
      "site",
      "kind"),
  LEADER(
      Meter.Type.GAUGE,
      "unicore.dask.leader",
      "",
      Where.NODE,
      "1 on the node that looks after the clusters"),
  SWEEPS(
      Meter.Type.TIMER,
      "unicore.dask.sweeps",
      "seconds",
      Where.NODE,
      "searches of the sites for jobs that belong to no cluster; one that finds nothing new to ask for is over at once");

  /** Which node has it. */
  enum Where {
    /** The one that looks after the clusters; 0 elsewhere. */
    LEADER("leader"),
    /** Each has its own. */
    NODE("each");

    private final String word;

    Where(String word) {
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  private final Meter.Type type;
  private final String id;
  private final String unit;
  private final Where where;
  private final String meaning;
  private final List<String> tags;

  Metric(Meter.Type type, String id, String unit, Where where, String meaning, String... tags) {
    this.type = type;
    this.id = id;
    this.unit = unit;
    this.where = where;
    this.meaning = meaning;
    this.tags = List.of(tags);
  }

  Meter.Type type() {
    return type;
  }

  /** Its name. */
  String id() {
    return id;
  }

  /** What it is measured in; empty if it is a number of things. */
  String unit() {
    return unit;
  }

  Where where() {
    return where;
  }

  /** What it is, in Markdown. */
  String meaning() {
    return meaning;
  }

  /** The names of its tags. */
  List<String> tags() {
    return tags;
  }

  /** Has it asked for when somebody wants to know it. */
  void gauge(MeterRegistry registry, Supplier<Number> value, Object... values) {
    Gauge.builder(id, value)
        .description(description())
        .baseUnit(baseUnit())
        .tags(tags(values))
        .register(registry);
  }

  /**
   * Has what was counted so far asked for when somebody wants to know it.
   *
   * @param of what knows it; the registry does not keep it from being forgotten
   */
  <T> void counter(MeterRegistry registry, T of, ToDoubleFunction<T> value, Object... values) {
    FunctionCounter.builder(id, of, value)
        .description(description())
        .baseUnit(baseUnit())
        .tags(tags(values))
        .register(registry);
  }

  Counter counter(MeterRegistry registry, Object... values) {
    return Counter.builder(id)
        .description(description())
        .baseUnit(baseUnit())
        .tags(tags(values))
        .register(registry);
  }

  Timer timer(MeterRegistry registry, Object... values) {
    return Timer.builder(id).description(description()).tags(tags(values)).register(registry);
  }

  private String baseUnit() {
    return unit.isEmpty() ? null : unit;
  }

  private String description() {
    return meaning.replace("`", "");
  }

  /** Constants are written in lower case. */
  private Tags tags(Object... values) {
    Tags all = Tags.empty();
    for (int i = 0; i < tags.size(); i++) {
      Object value = values[i];
      all =
          all.and(
              tags.get(i),
              value instanceof Enum<?> constant
                  ? constant.name().toLowerCase(Locale.ROOT)
                  : value.toString());
    }
    return all;
  }
}
