package io.unicoredask.camunda;

import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.request.Reading;
import io.unicoredask.cluster.request.ScriptRequest;
import io.unicoredask.cluster.request.TooLongText;
import io.unicoredask.cluster.site.Sites;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.camunda.bpm.engine.delegate.VariableScope;
import org.camunda.bpm.engine.variable.value.StringValue;
import org.camunda.bpm.engine.variable.value.TypedValue;
import org.camunda.spin.plugin.variable.value.JsonValue;

/** Reads what is asked for from process variables. */
class Requests {

  private final Sites sites;

  Requests(Sites sites) {
    this.sites = sites;
  }

  /** What is asked of a new cluster. */
  Reading<ClusterRequest> read(VariableScope scope) {
    return ClusterRequest.read(given(scope, ClusterRequest.VARIABLES), sites);
  }

  /** The same at a start, which may bring no names that are not its to give. */
  Reading<ClusterRequest> started(VariableScope scope) {
    Map<String, Object> given = given(scope, ClusterRequest.VARIABLES);
    scope.getVariableNames().forEach(name -> given.putIfAbsent(name, null));
    return ClusterRequest.read(given, sites);
  }

  /**
   * What is asked of a cluster by now, of which this was asked before.
   *
   * @param brought the names of the variables that the message brings; one that brings nothing is
   *     refused
   */
  ClusterRequest changed(ClusterRequest before, VariableScope scope, Collection<String> brought) {
    Map<String, Object> given = given(scope, ClusterRequest.VARIABLES);
    brought.forEach(name -> given.putIfAbsent(name, null));
    Reading<ClusterRequest> reading = before.readChange(given, sites);
    Problems problems = new Problems();
    problems.invalid(reading.problems());
    if (brought.stream().noneMatch(name -> isGiven(given.get(name)))) {
      problems.invalid(
          "the message brings nothing that the cluster could become; give workers, jobs or adapt, or"
              + " another variable of a cluster that a message may change");
    }
    problems.require();
    return reading.value();
  }

  private static boolean isGiven(Object value) {
    return value != null && !value.toString().isBlank();
  }

  /**
   * What is asked of the activity that runs a script.
   *
   * @param run tells this run from all others
   */
  Reading<ScriptRequest> script(VariableScope scope, String run, String site) {
    Map<String, Object> given = given(scope, ScriptRequest.VARIABLES);
    given.compute("script", (name, value) -> text(value));
    scope.getVariableNames().forEach(name -> given.putIfAbsent(name, null));
    return ScriptRequest.read(given, run, site, sites);
  }

  private static Map<String, Object> given(VariableScope scope, Collection<String> names) {
    Map<String, Object> given = new HashMap<>();
    names.forEach(name -> given.put(name, value(scope, name)));
    return given;
  }

  /** Not deserialized: JSON that is malformed is for the request to refuse, with its name. */
  private static Object value(VariableScope scope, String name) {
    TypedValue value = scope.getVariableTyped(name, false);
    if (value instanceof StringValue text
        && text.getValue() != null
        && text.getValue().length() > TextColumn.width()) {
      return new TooLongText(text.getValue().length(), TextColumn.width());
    }
    return value instanceof JsonValue json ? json.getValueSerialized() : scope.getVariable(name);
  }

  /** A text variable takes 4000 characters; a longer script is a file, or bytes. */
  private static Object text(Object value) {
    try {
      if (value instanceof InputStream file) {
        return new String(file.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : value;
  }
}
