package io.unicoredask.cluster.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Loosely typed variables, and all that is wrong with them. */
class GivenVariables {

  private static final int MAX_SHOWN = 200;
  private static final Pattern USER_INFO = Pattern.compile("//[^/@\\s]*@");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, ?> variables;
  private final List<String> problems = new ArrayList<>();

  GivenVariables(Map<String, ?> variables) {
    this.variables = variables;
  }

  Object value(String name) {
    return variables.get(name);
  }

  Duration duration(String name, Duration otherwise) {
    String text = text(name);
    if (text == null) {
      return otherwise;
    }
    try {
      Duration duration = Duration.parse(text);
      if (duration.isZero() || duration.isNegative()) {
        throw new DateTimeParseException("not positive", text, 0);
      }
      return duration;
    } catch (DateTimeParseException e) {
      refuse(name, "an ISO 8601 duration longer than zero, such as PT30M or P1D");
      return otherwise;
    }
  }

  String text(String name) {
    Object value = variables.get(name);
    if (value == null) {
      return null;
    }
    if (!(value instanceof String text)) {
      refuse(name, "a text");
      return null;
    }
    return text.isBlank() ? null : text.strip();
  }

  Integer number(String name, int min, int max, Integer otherwise) {
    Object value = variables.get(name);
    if (value == null || value instanceof String text && text.isBlank()) {
      return otherwise;
    }
    try {
      if (value instanceof Number || value instanceof String) {
        int number = new BigDecimal(value.toString().strip()).intValueExact();
        if (number >= min && number <= max) {
          return number;
        }
      }
    } catch (ArithmeticException | NumberFormatException e) {
      // refused below
    }
    refuse(name, "a whole number from %d to %d".formatted(min, max));
    return otherwise;
  }

  boolean truth(String name, boolean otherwise) {
    Object value = variables.get(name);
    if (value == null || value instanceof String text && text.isBlank()) {
      return otherwise;
    }
    if (value instanceof Boolean truth) {
      return truth;
    }
    if ("true".equals(value) || "false".equals(value)) {
      return "true".equals(value);
    }
    refuse(name, "true or false");
    return otherwise;
  }

  /** The value; null if it is blank, as the field of a form that was left empty. */
  Object filled(String name) {
    Object value = value(name);
    return value instanceof String text && text.isBlank() ? null : value;
  }

  /** JSON of whatever kind; missing if there is none, or it is none and refused. */
  JsonNode json(String name) {
    Object value = variables.get(name);
    if (value == null || value instanceof String text && text.isBlank()) {
      return JSON.missingNode();
    }
    try {
      return value instanceof String text ? JSON.readTree(text) : JSON.valueToTree(value);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      refuse(name, "JSON");
      return JSON.missingNode();
    }
  }

  <T> T choice(String name, T[] all, Function<T, String> value) {
    String text = text(name);
    for (T one : all) {
      if (value.apply(one).equals(text)) {
        return one;
      }
    }
    if (text != null) {
      refuse(name, Stream.of(all).map(value).collect(Collectors.joining(" or ")));
    }
    return all[0];
  }

  void refuse(String name, String allowed) {
    Object value = variables.get(name);
    String shown = USER_INFO.matcher(String.valueOf(value)).replaceAll("//(user and password)@");
    if (shown.length() > MAX_SHOWN) {
      shown = shown.substring(0, MAX_SHOWN) + "…";
    }
    String type = value == null ? "" : " (" + value.getClass().getSimpleName() + ")";
    problems.add("%s = %s%s is not allowed; allowed is %s".formatted(name, shown, type, allowed));
  }

  /** Something that is wrong with more than one variable. */
  void problem(String text) {
    problems.add(text);
  }

  /** What is wrong with others. */
  void problemsOf(GivenVariables others) {
    problems.addAll(others.problems);
  }

  void requireNoProblems() {
    if (!problems.isEmpty()) {
      throw new ClusterException(ClusterError.DASK_INVALID_REQUEST, String.join("; ", problems));
    }
  }
}
