package io.unicoredask.cluster.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The bounds among the variables within which a cluster is to follow its work. */
class GivenAdapt {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NAME = "adapt";
  private static final List<String> KEYS = List.of("minimum", "maximum", "wait_count");
  private static final int MAX_LOOKS = 100_000;

  private final GivenVariables given;
  private final int maxWorkers;

  GivenAdapt(GivenVariables given, int maxWorkers) {
    this.given = given;
    this.maxWorkers = maxWorkers;
  }

  /** Null if none are given. */
  AdaptiveBounds read() {
    JsonNode json = given.json(NAME);
    if (json.isMissingNode()) {
      return null;
    }
    Map<String, Object> values = new HashMap<>();
    json.fields().forEachRemaining(field -> put(values, field.getKey(), field.getValue()));
    if (values.get(NAME + ".maximum") == null) {
      given.refuse(NAME, "a JSON object that has a maximum, such as {\"maximum\": 10}");
      return null;
    }
    GivenVariables inner = new GivenVariables(values);
    int minimum = inner.number(NAME + ".minimum", 0, maxWorkers, 0);
    int maximum = inner.number(NAME + ".maximum", 1, maxWorkers, maxWorkers);
    int waitCount = inner.number(NAME + ".wait_count", 1, MAX_LOOKS, AdaptiveBounds.WAIT_COUNT);
    given.problemsOf(inner);
    if (minimum > maximum) {
      given.refuse(NAME, "a minimum that is not above the maximum");
    }
    return new AdaptiveBounds(minimum, maximum, waitCount);
  }

  private void put(Map<String, Object> values, String key, JsonNode value) {
    if (KEYS.contains(key)) {
      values.put(NAME + "." + key, JSON.convertValue(value, Object.class));
    } else {
      given.problem("%s.%s is not allowed; allowed are %s".formatted(NAME, key, KEYS));
    }
  }
}
