package io.unicoredask.cluster.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the bounds within which a cluster is to follow its work. */
class AdaptReader {

  private static final String NAME = "adapt";

  static final Variable MINIMUM =
      key("minimum", new Allowed.Range(0, ClusterSize.MAX_WORKERS)).withDefaultValue("0");
  static final Variable WAIT_COUNT =
      key("wait_count", new Allowed.Range(1, 100_000)).withDefaultValue("3");
  private static final Variable MAXIMUM =
      key("maximum", new Allowed.Range(1, ClusterSize.MAX_WORKERS));

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> KEYS = List.of("minimum", "maximum", "wait_count");

  private final VariableReader given;
  private final Variable adapt = ClusterVariable.ADAPT.variable();

  AdaptReader(VariableReader given) {
    this.given = given;
  }

  private static Variable key(String name, Allowed allowed) {
    return Variable.input(NAME + "." + name, "Integer", allowed, "");
  }

  /** Null if none are given. */
  AdaptiveBounds read() {
    JsonNode json = given.json(adapt);
    if (json.isMissingNode()) {
      return null;
    }
    Map<String, Object> values = new HashMap<>();
    json.fields().forEachRemaining(field -> put(values, field.getKey(), field.getValue()));
    if (values.get(MAXIMUM.name()) == null) {
      given.refuse(adapt);
    }
    VariableReader inner = new VariableReader(values);
    int minimum = inner.number(MINIMUM, MINIMUM.defaultNumber());
    int maximum = inner.number(MAXIMUM, ClusterSize.MAX_WORKERS);
    int waitCount = inner.number(WAIT_COUNT, WAIT_COUNT.defaultNumber());
    given.problemsOf(inner);
    if (minimum > maximum) {
      given.refuse(adapt, "a minimum that is not above the maximum");
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
