package io.unicoredask.camunda;

import io.unicoredask.camunda.ClusterDetails.Given;
import io.unicoredask.cluster.request.ClusterVariable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.camunda.bpm.engine.ProcessEngineServices;
import org.camunda.bpm.engine.variable.value.TypedValue;
import org.camunda.spin.plugin.variable.value.JsonValue;

/** A process instance's own variables, those that the user may read. */
class ShownVariables {

  private static final List<String> GIVEN =
      Arrays.stream(ClusterVariable.values()).map(one -> one.variable().name()).toList();

  private static final String[] READ =
      Stream.concat(
              GIVEN.stream(),
              Stream.of(
                  DaskVariables.CLUSTER_STATUS,
                  DaskVariables.ENDED_BY,
                  DaskVariables.ERROR_CODE,
                  DaskVariables.ERROR_MESSAGE,
                  DaskVariables.CLUSTER_PROGRESS,
                  DaskVariables.CLUSTER_WARNING,
                  DaskVariables.SCHEDULER_ADDRESS,
                  DaskVariables.DASHBOARD_URL,
                  DaskVariables.EXPECTED_START,
                  DaskVariables.SCHEDULER_ENDS_AT,
                  DaskVariables.ALLOCATION_URL,
                  DaskVariables.SCHEDULER_JOB_URL,
                  DaskVariables.WORKER_JOB_URLS))
          .distinct()
          .toArray(String[]::new);

  private static final Set<String> TYPES = Set.of("string", "integer", "long", "double", "boolean");

  private final Map<String, TypedValue> values = new LinkedHashMap<>();

  private ShownVariables(String instance, Stream<Found> found) {
    found
        .filter(one -> instance.equals(one.execution()))
        .forEach(one -> values.put(one.name(), one.value()));
  }

  /** One of an execution, that of the instance itself or another of it. */
  private record Found(String execution, String name, TypedValue value) {}

  /** Those of an instance that runs. */
  static ShownVariables running(ProcessEngineServices engine, String instance) {
    return new ShownVariables(
        instance,
        engine
            .getRuntimeService()
            .createVariableInstanceQuery()
            .processInstanceIdIn(instance)
            .variableNameIn(READ)
            .disableCustomObjectDeserialization()
            .list()
            .stream()
            .map(one -> new Found(one.getExecutionId(), one.getName(), one.getTypedValue())));
  }

  /** Those that the history has of an instance. */
  static ShownVariables historic(ProcessEngineServices engine, String instance) {
    return new ShownVariables(
        instance,
        engine
            .getHistoryService()
            .createHistoricVariableInstanceQuery()
            .processInstanceId(instance)
            .variableNameIn(READ)
            .disableCustomObjectDeserialization()
            .list()
            .stream()
            .map(one -> new Found(one.getExecutionId(), one.getName(), one.getTypedValue())));
  }

  /** Null if there is none, or it is no text. */
  String text(String name) {
    TypedValue value = values.get(name);
    return value != null && value.getValue() instanceof String text ? text : null;
  }

  /** The JSON of one that is JSON; null if there is none. */
  String json(String name) {
    return values.get(name) instanceof JsonValue json ? json.getValueSerialized() : null;
  }

  /** What was given at the start, in the order of the table of variables. */
  Map<String, Given> given() {
    Map<String, Given> given = new LinkedHashMap<>();
    for (String name : GIVEN) {
      TypedValue value = values.get(name);
      if (value instanceof JsonValue json && json.getValueSerialized() != null) {
        given.put(name, new Given(json.getValueSerialized(), "Json"));
      } else if (value != null
          && value.getValue() != null
          && TYPES.contains(value.getType().getName())) {
        String type = value.getType().getName();
        given.put(
            name,
            new Given(value.getValue(), Character.toUpperCase(type.charAt(0)) + type.substring(1)));
      }
    }
    return given;
  }
}
