package io.unicoredask;

import io.unicoredask.cluster.request.ClusterVariable;
import io.unicoredask.cluster.request.Output;
import io.unicoredask.cluster.request.Outputs;
import io.unicoredask.cluster.request.ScriptVariable;
import io.unicoredask.cluster.request.Variable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The documentation's tables of variables, made from what the code knows of them. */
class DocumentationTables {

  private static final String BEGIN = "<!-- variables: %s -->\n";
  private static final String END = "<!-- end -->";

  private DocumentationTables() {}

  /** All tables, by the names that the documents' comments give them. */
  static Map<String, String> all() {
    return Map.of(
        "in", clusterIn(),
        "out", out(Outputs.CLUSTER),
        "message", message(),
        "script in", scriptIn(),
        "script out", out(Outputs.SCRIPT));
  }

  /** The names of the tables in a document. */
  static List<String> in(String document) {
    return all().keySet().stream()
        .filter(name -> document.contains(BEGIN.formatted(name)))
        .toList();
  }

  /** The document with each table as it is to be. */
  static String updated(String document) {
    String updated = document;
    for (String name : in(document)) {
      String begin = BEGIN.formatted(name);
      int from = updated.indexOf(begin);
      int to = updated.indexOf(END, from);
      if (to < 0) {
        throw new AssertionError("no %s behind %s".formatted(END, begin));
      }
      updated = updated.substring(0, from) + begin + all().get(name) + updated.substring(to);
    }
    return updated;
  }

  private static String clusterIn() {
    return table(
        List.of("in", "type", "default", "allowed", "meaning", "`UNICORECluster`"),
        Arrays.stream(ClusterVariable.values())
            .map(ClusterVariable::variable)
            .map(
                variable ->
                    Stream.concat(cells(variable), Stream.of(variable.unicoreClusterInTable()))));
  }

  private static String scriptIn() {
    return table(
        List.of("in", "type", "default", "allowed", "meaning"),
        Arrays.stream(ScriptVariable.values()).map(one -> cells(one.variable())));
  }

  private static Stream<String> cells(Variable variable) {
    return Stream.of(
        "`" + variable.name() + "`",
        variable.type(),
        variable.defaultInTable(),
        variable.allowedInTable(),
        variable.meaning());
  }

  private static String out(List<Output> outputs) {
    return table(
        List.of("out", "type", "meaning"),
        outputs.stream().map(one -> Stream.of(one.namesInTable(), one.type(), one.meaning())));
  }

  /** Those that have the same words stand together. */
  private static String message() {
    Map<String, String> names =
        Arrays.stream(ClusterVariable.values())
            .map(ClusterVariable::variable)
            .filter(variable -> variable.counts() != null)
            .collect(
                Collectors.groupingBy(
                    Variable::counts,
                    LinkedHashMap::new,
                    Collectors.mapping(
                        variable -> "`" + variable.name() + "`", Collectors.joining(", "))));
    return table(
        List.of("in a message", "a new value counts"),
        names.entrySet().stream().map(row -> Stream.of(row.getValue(), row.getKey())));
  }

  private static String table(List<String> head, Stream<Stream<String>> rows) {
    return row(head.stream())
        + "|---".repeat(head.size())
        + "|\n"
        + rows.map(DocumentationTables::row).collect(Collectors.joining());
  }

  private static String row(Stream<String> cells) {
    return cells
        .map(cell -> cell.isEmpty() ? "|" : "| " + cell + " ")
        .collect(Collectors.joining("", "", "|\n"))
        .replace("||", "| |");
  }
}
