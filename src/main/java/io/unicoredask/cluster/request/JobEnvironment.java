package io.unicoredask.cluster.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The variables that a job description sets, as UNICORE reads them: {@code Parameters}, an object,
 * and after them {@code Environment}, an object or a list of {@code NAME=value}, of which it takes
 * the blanks around name and value away.
 *
 * @param values by their names
 */
public record JobEnvironment(Map<String, String> values) {

  /** That of a job description. */
  public static JobEnvironment of(JsonNode job) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String part : new String[] {"Parameters", "Environment"}) {
      JsonNode given = job.path(part);
      given.fields().forEachRemaining(one -> values.put(one.getKey(), one.getValue().asText()));
      if (given.isArray()) {
        given.forEach(one -> put(values, one.asText()));
      }
    }
    return new JobEnvironment(values);
  }

  private static void put(Map<String, String> values, String given) {
    String[] parts = given.split("=", 2);
    values.put(parts[0].strip(), parts.length > 1 ? parts[1].strip() : "");
  }
}
