package io.unicoredask.camunda;

import io.unicoredask.cluster.keeper.ResultFile;
import io.unicoredask.cluster.keeper.Writing.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.camunda.bpm.engine.delegate.VariableScope;
import org.camunda.bpm.engine.variable.Variables;
import org.camunda.bpm.engine.variable.value.TypedValue;
import org.camunda.spin.plugin.variable.SpinValues;
import org.camunda.spin.plugin.variable.value.JsonValue;

/** Writes what people and models read into process variables. */
final class Outputs {

  private Outputs() {}

  /** Null removes a variable. */
  static void write(VariableScope scope, Map<String, ?> outputs) {
    outputs.forEach(
        (name, value) -> {
          if (value == null) {
            scope.removeVariable(name);
          } else if (value instanceof Json json) {
            writeJson(scope, name, json.text());
          } else if (value instanceof ResultFile file) {
            scope.setVariable(name, file(file));
          } else {
            writePlain(
                scope, name, value instanceof String text ? TextColumn.fitting(text) : value);
          }
        });
  }

  /** After a takeover nobody knows what was written last. */
  private static void writePlain(VariableScope scope, String name, Object value) {
    if (!value.equals(scope.getVariable(name))) {
      scope.setVariable(name, value);
    }
  }

  /** Not what is there already: whoever reads it over REST could meet it half-written. */
  private static void writeJson(VariableScope scope, String name, String text) {
    TypedValue old = scope.getVariableTyped(name, false);
    if (!(old instanceof JsonValue there) || !text.equals(there.getValueSerialized())) {
      scope.setVariable(name, SpinValues.jsonValue(text).create());
    }
  }

  private static TypedValue file(ResultFile file) {
    boolean text = file.contentType().startsWith("text/") || file.name().endsWith(".log");
    return text && file.name().endsWith(".log")
        ? Variables.fileValue(file.name())
            .file(file.content())
            .mimeType("text/plain")
            .encoding(StandardCharsets.UTF_8)
            .create()
        : Variables.fileValue(file.name())
            .file(file.content())
            .mimeType(file.contentType())
            .create();
  }
}
