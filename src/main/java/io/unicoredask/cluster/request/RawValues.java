package io.unicoredask.cluster.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The values of variables as they were given, which tell what a message changes from what it only
 * repeats. A number and its text are the same, and so is JSON however it is laid out.
 */
class RawValues {

  private static final List<ClusterVariable> SIZES =
      List.of(ClusterVariable.WORKERS, ClusterVariable.JOBS, ClusterVariable.ADAPT);

  /** What counts of those that no message changes, whether it was given or not. */
  private static final Map<ClusterVariable, Function<ClusterRequest, Object>> IN_EFFECT =
      Map.of(
          ClusterVariable.SITE, ClusterRequest::site,
          ClusterVariable.ALLOCATION, ClusterRequest::allocation,
          ClusterVariable.LOCAL_PORT, ClusterRequest::localPort,
          ClusterVariable.CONNECT_DASHBOARD, ClusterRequest::connectDashboard,
          ClusterVariable.LOCAL_DASHBOARD_PORT, ClusterRequest::localDashboardPort,
          ClusterVariable.TUNNEL, request -> request.tunnel().value(),
          ClusterVariable.WORK, ClusterRequest::work,
          ClusterVariable.DRY_RUN, ClusterRequest::dryRun);

  private RawValues() {}

  /** Those that a request is read from, as they are kept with it. */
  static Map<String, JsonNode> kept(Map<String, ?> variables) {
    Map<String, JsonNode> kept = new TreeMap<>();
    variables.forEach(
        (name, value) -> {
          if (ClusterVariable.isOne(name) && VariableReader.isGiven(value)) {
            kept.put(name, canonical(value));
          }
        });
    return kept;
  }

  /** The same after a message: a new size takes the place of the old one, whatever it counts. */
  static Map<String, JsonNode> kept(Map<String, JsonNode> before, Map<String, ?> changes) {
    Map<String, JsonNode> news = kept(changes);
    Map<String, JsonNode> kept = new TreeMap<>(before);
    if (SIZES.stream().map(ClusterVariable::variableName).anyMatch(news::containsKey)) {
      SIZES.forEach(size -> kept.remove(size.variableName()));
    }
    kept.putAll(news);
    return kept;
  }

  /** What of a message's variables says something else than what counts by now. */
  static Map<String, Object> changes(ClusterRequest before, Map<String, ?> message) {
    Map<String, Object> changes = new HashMap<>(message);
    changes
        .entrySet()
        .removeIf(
            change ->
                ClusterVariable.isOne(change.getKey())
                    && (!VariableReader.isGiven(change.getValue())
                        || canonical(change.getValue())
                            .equals(before.given().get(change.getKey()))));
    IN_EFFECT.forEach(
        (variable, value) -> {
          Object now = changes.get(variable.variableName());
          if (now != null && now.toString().strip().equals(String.valueOf(value.apply(before)))) {
            changes.remove(variable.variableName());
          }
        });
    return changes;
  }

  private static JsonNode canonical(Object value) {
    JsonNode node = value instanceof String text ? parsed(text.strip()) : tree(value);
    return node.isContainerNode() ? node : TextNode.valueOf(node.asText());
  }

  private static JsonNode tree(Object value) {
    try {
      return GivenJson.of(value);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      // it is no JSON, which is for its reader to refuse
      return TextNode.valueOf(value.toString());
    }
  }

  private static JsonNode parsed(String text) {
    try {
      return text.startsWith("{") || text.startsWith("[")
          ? GivenJson.of(text)
          : TextNode.valueOf(text);
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(text);
    }
  }
}
