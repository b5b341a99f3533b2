package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What was served to Prometheus: metrics, and the labels that they have. */
class ServedMetrics {

  private static final Pattern LINE = Pattern.compile("(?m)^(\\w+)(?:\\{(.*)})? \\S+$");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=");
  private static final Pattern ROW =
      Pattern.compile(
          "(?m)^\\| `unicore\\.dask[^|]*\\| `(\\w+)` \\| (\\w+) \\| \\w* \\| ([^|]*) \\|.*$");
  private static final Pattern CODE = Pattern.compile("`(\\w+)`");
  private static final Pattern METRIC =
      Pattern.compile("\\b(?:unicore_dask|jvm|process|hikaricp)_\\w+");
  private static final Pattern ASKED =
      Pattern.compile("(\\w+)(?:=~|!~|!=|=)\"|by \\(([^)]*)\\)|\\{\\{(\\w+)}}");

  /** What Prometheus adds. */
  private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job");

  private final Map<String, Set<String>> labels = new TreeMap<>();

  ServedMetrics(String scrape) {
    LINE.matcher(scrape)
        .results()
        .forEach(
            line ->
                labels
                    .computeIfAbsent(line.group(1), name -> new TreeSet<>())
                    .addAll(line.group(2) == null ? List.of() : all(LABEL, line.group(2))));
  }

  private static List<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(found -> found.group(1)).toList();
  }

  void assertAreThoseOfTheTable(String page) {
    Set<String> documented = new HashSet<>();
    List<MatchResult> rows = ROW.matcher(page).results().toList();
    assertThat(rows).hasSizeGreaterThan(15);
    for (MatchResult row : rows) {
      List<String> names =
          row.group(2).equals("timer")
              ? Stream.of("_count", "_sum", "_max").map(row.group(1)::concat).toList()
              : List.of(row.group(1));
      documented.addAll(names);
      for (String name : names) {
        assertThat(labels).containsKey(name);
        assertThat(labels.get(name))
            .as(name)
            .containsExactlyInAnyOrderElementsOf(all(CODE, row.group(3)));
      }
    }
    assertThat(labels.keySet())
        .filteredOn(name -> name.startsWith("unicore"))
        .isSubsetOf(documented);
  }

  /** A query, with its legend behind it, asks for nothing else. */
  void assertKnows(String query) {
    Set<String> of = new HashSet<>(OF_PROMETHEUS);
    List<String> metrics = METRIC.matcher(query).results().map(MatchResult::group).toList();
    assertThat(metrics)
        .as(query)
        .isNotEmpty()
        .allSatisfy(one -> assertThat(labels).containsKey(one));
    metrics.forEach(metric -> of.addAll(labels.get(metric)));
    ASKED
        .matcher(query)
        .results()
        .flatMap(found -> Stream.of(1, 2, 3).map(found::group))
        .filter(names -> names != null)
        .flatMap(names -> Stream.of(names.split(", ")))
        .forEach(label -> assertThat(of).as(query).contains(label));
  }

  static Stream<String> queriesOfTheDashboard(Path file) throws IOException {
    JsonNode dashboard = new ObjectMapper().readTree(file.toFile());
    Stream<String> variables =
        dashboard.findValuesAsText("definition").stream()
            .map(text -> text.replaceAll("label_values\\((\\w+), (\\w+)\\)", "$1{$2=\"\"}"));
    Stream<String> panels =
        dashboard.findValues("targets").stream()
            .flatMap(
                targets -> Stream.iterate(0, i -> i < targets.size(), i -> i + 1).map(targets::get))
            .map(
                target ->
                    target.path("expr").asText() + " " + target.path("legendFormat").asText());
    return Stream.concat(variables, panels);
  }

  static Stream<String> queriesOfTheAlerts(Path page) throws IOException {
    return all(Pattern.compile("(?m)^ *expr: (.*)$"), Files.readString(page)).stream();
  }
}
