package io.unicoredask.camunda;

import io.unicoredask.camunda.engine.EngineSettings;
import io.unicoredask.cluster.LogContext;
import java.util.HashMap;
import java.util.Map;

/**
 * What the log says of clusters beside what their keepers say, under the names that the engine
 * itself has for it ({@code loggingContextProcessInstanceId}, {@code loggingContextBusinessKey}),
 * so that one name finds the engine's lines and the keepers'.
 */
class LogNames {

  /** By default the engine says nothing of business keys. */
  private static final String BUSINESS_KEY = "businessKey";

  private final EngineSettings engine;

  LogNames(EngineSettings engine) {
    this.engine = engine;
  }

  /** What the log says of a cluster on a thread of its keeper. */
  Map<String, String> ofKeeper(String instance, String businessKey) {
    Map<String, String> values = new HashMap<>();
    engine.loggedInstance().ifPresent(name -> put(values, name, instance));
    put(values, businessKeyName(), businessKey);
    return values;
  }

  /** What the log says where the engine itself says the rest. */
  Map<String, String> ofActivity(String cluster, String businessKey) {
    Map<String, String> values = new HashMap<>();
    put(values, LogContext.CLUSTER, cluster);
    if (engine.loggedBusinessKey().isEmpty()) {
      put(values, BUSINESS_KEY, businessKey);
    }
    return values;
  }

  private String businessKeyName() {
    return engine.loggedBusinessKey().orElse(BUSINESS_KEY);
  }

  private static void put(Map<String, String> values, String name, String value) {
    if (!name.isEmpty() && value != null) {
      values.put(name, value);
    }
  }
}
