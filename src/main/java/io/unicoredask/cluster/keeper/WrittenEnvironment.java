package io.unicoredask.cluster.keeper;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * UNICORE writes each variable of a job into its script between double quotes, {@code
 * NAME="value"}, and leaves the value as it is: variables in it count, {@code \$} is a dollar, and
 * a quote would end it there.
 */
final class WrittenEnvironment {

  private static final List<String> PARTS = List.of("Environment", "Parameters");

  /** A character with its backslash, or a quote or a backslash at the end that has none. */
  private static final Pattern ESCAPED_OR_BARE = Pattern.compile("\\\\.|\"|\\\\$", Pattern.DOTALL);

  private static final Pattern MEANS_MORE = Pattern.compile("[\"\\\\`$]");

  private WrittenEnvironment() {}

  /** A value of which every character is to arrive. */
  static String escaped(String value) {
    return MEANS_MORE.matcher(value).replaceAll("\\\\$0");
  }

  /** Has the quotes in values arrive. */
  static void closeQuotes(ObjectNode job) {
    for (String part : PARTS) {
      if (job.get(part) instanceof ObjectNode variables) {
        for (Map.Entry<String, JsonNode> variable : variables.properties()) {
          if (variable.getValue().isTextual()) {
            variable.setValue(variables.textNode(closed(variable.getValue().asText())));
          }
        }
      } else if (job.get(part) instanceof ArrayNode variables) {
        for (int at = 0; at < variables.size(); at++) {
          if (variables.get(at).isTextual()) {
            variables.set(at, variables.textNode(closed(variables.get(at).asText().strip())));
          }
        }
      }
    }
  }

  private static String closed(String value) {
    return ESCAPED_OR_BARE
        .matcher(value)
        .replaceAll(found -> found.group().length() == 2 ? "$0" : "\\\\$0");
  }
}
