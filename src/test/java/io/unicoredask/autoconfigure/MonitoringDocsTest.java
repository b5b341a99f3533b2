package io.unicoredask.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;
import io.unicoredask.cluster.ClusterStatus;
import io.unicoredask.cluster.keeper.JobRole;
import io.unicoredask.cluster.keeper.JobState;
import io.unicoredask.cluster.keeper.KeeperListener;
import io.unicoredask.cluster.keeper.Phase;
import io.unicoredask.cluster.keeper.TimeLimit;
import io.unicoredask.unicore.SiteListener;
import io.unicoredask.unicore.UnicoreSites;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The documentation of the metrics is made from what the code knows of them. */
class MonitoringDocsTest {

  private static final Path PAGE = Path.of("src/docs/how-to/monitoring.md");
  private static final String END = "<!-- end -->";
  private static final NamingConvention PROMETHEUS = new PrometheusNamingConvention();

  /** {@code mvn test -Dtest=MonitoringDocsTest -Dmonitoring.write} puts them right. */
  @Test
  void itsTablesAreThoseOfTheCode() throws IOException {
    String page = Files.readString(PAGE);
    String updated = with(with(page, "metrics", metrics()), "tags", tags());
    if (System.getProperty("monitoring.write") != null) {
      Files.writeString(PAGE, updated);
    } else {
      assertThat(page).isEqualTo(updated);
    }
  }

  @Test
  void eachTagIsExplained() {
    assertThat(values().keySet())
        .containsAll(
            Arrays.stream(Metric.values()).flatMap(metric -> metric.tags().stream()).toList());
  }

  private static String with(String page, String name, String table) {
    String begin = "<!-- %s -->\n".formatted(name);
    int from = page.indexOf(begin);
    int to = page.indexOf(END, from);
    assertThat(from).as(begin).isNotNegative();
    return page.substring(0, from) + begin + table + page.substring(to);
  }

  private static String metrics() {
    return "| metric | in Prometheus | type | unit | tags | node | meaning |\n|---|---|---|---|---|---|---|\n"
        + Arrays.stream(Metric.values())
            .map(
                metric ->
                    "| `%s` | `%s` | %s | %s | %s | %s | %s |\n"
                        .formatted(
                            metric.id(),
                            inPrometheus(metric),
                            metric.type().name().toLowerCase(Locale.ROOT),
                            metric.unit(),
                            code(metric.tags()),
                            metric.where(),
                            metric.meaning()))
            .collect(Collectors.joining());
  }

  private static String inPrometheus(Metric metric) {
    String name =
        PROMETHEUS.name(metric.id(), metric.type(), metric.unit().isEmpty() ? null : metric.unit());
    return metric.type() == Meter.Type.COUNTER ? name + "_total" : name;
  }

  private static String tags() {
    return "| tag | values |\n|---|---|\n"
        + values().entrySet().stream()
            .map(tag -> "| `%s` | %s |\n".formatted(tag.getKey(), tag.getValue()))
            .collect(Collectors.joining());
  }

  private static Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("site", "the names below `unicore-dask.sites`");
    values.put("status", words(ClusterStatus.values()));
    values.put("ended_by", "as in the variable `endedBy`");
    values.put("phase", words(Phase.values()) + "; what the activities of the same names wait for");
    values.put(
        "clock",
        words(TimeLimit.values())
            + ": `queueTimeout`, `startTimeout`, `connectionTimeout`, `workersTimeout`, `lifetime`, or no time limit");
    values.put(
        "outcome",
        "of waits `completed`, `cancelled`; of requests " + words(SiteListener.Outcome.values()));
    values.put("role", words(JobRole.values()));
    values.put("state", words(JobState.values()));
    values.put("call", code(UnicoreSites.calls()) + ", parts of UNICORE's REST API");
    values.put("priority", code(List.of("urgent", "routine")));
    values.put("direction", code(List.of("up", "down")));
    values.put("kind", words(KeeperListener.Kind.values()));
    return values;
  }

  private static String words(Enum<?>... constants) {
    return code(Arrays.stream(constants).map(one -> one.name().toLowerCase(Locale.ROOT)).toList());
  }

  private static String code(Collection<String> words) {
    return words.stream().map(word -> "`" + word + "`").collect(Collectors.joining(", "));
  }
}
