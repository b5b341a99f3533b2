package io.unicoredask.cluster.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads loosely typed variables, and collects all that is wrong with them. */
class VariableReader {

  private static final int MAX_SHOWN = 200;
  private static final Pattern USER_INFO = Pattern.compile("//[^/@\\s]*@");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");

  private final Map<String, ?> variables;
  private final List<String> problems = new ArrayList<>();
  private final Set<String> refused = new HashSet<>();

  VariableReader(Map<String, ?> variables) {
    this.variables = variables;
  }

  /** The value; null if it is blank, as the field of a form that was left empty. */
  Object value(Variable variable) {
    Object value = variables.get(variable.name());
    if (value instanceof TooLongText text) {
      refuse(
          variable,
          "a text of up to %d characters; give longer JSON as a variable of type Json, and a longer script as a File"
              .formatted(text.allowed()));
      return null;
    }
    if (value instanceof String text && text.indexOf('\0') >= 0) {
      refuse(variable, "a text without the character NUL");
      return null;
    }
    return isGiven(value) ? value : null;
  }

  boolean has(Variable variable) {
    return value(variable) != null;
  }

  /** Whether that is a value, and not the blank field of a form. */
  static boolean isGiven(Object value) {
    return value != null && !(value instanceof String text && text.isBlank());
  }

  Duration duration(Variable variable, Duration otherwise) {
    String text = text(variable, null);
    if (text == null) {
      return otherwise;
    }
    try {
      Duration duration = Duration.parse(text);
      if (Allowed.TimeSpan.contains(duration)) {
        return duration;
      }
    } catch (DateTimeParseException e) {
      // refused below
    }
    refuse(variable, new Allowed.TimeSpan().inRefusal());
    return otherwise;
  }

  String text(Variable variable, String otherwise) {
    Object value = value(variable);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof String text) {
      return text.strip();
    }
    refuse(variable, "a text");
    return otherwise;
  }

  /** A text that UNICORE takes as a resource. */
  String name(Variable variable, String otherwise) {
    String text = text(variable, otherwise);
    if (text == null || LegalText.isLegal(text)) {
      return text;
    }
    refuse(variable, LegalText.ALLOWED);
    return otherwise;
  }

  /** A number of a variable that allows a range of numbers. */
  Integer number(Variable variable, Integer otherwise) {
    Object value = value(variable);
    if (value == null) {
      return otherwise;
    }
    try {
      if (value instanceof Number || value instanceof String) {
        int number = new BigDecimal(value.toString().strip()).intValueExact();
        if (((Allowed.Range) variable.allowed()).contains(number)) {
          return number;
        }
      }
    } catch (ArithmeticException | NumberFormatException e) {
      // refused below
    }
    refuse(variable);
    return otherwise;
  }

  boolean truth(Variable variable, boolean otherwise) {
    Object value = value(variable);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Boolean truth) {
      return truth;
    }
    if (value instanceof String text && text.strip().matches("true|false")) {
      return Boolean.parseBoolean(text.strip());
    }
    refuse(variable);
    return otherwise;
  }

  /** JSON of whatever kind; missing if there is none, or it is none and refused. */
  JsonNode json(Variable variable) {
    Object value = value(variable);
    if (value == null) {
      return MissingNode.getInstance();
    }
    try {
      return GivenJson.of(value);
    } catch (JsonProcessingException e) {
      refuse(variable, "JSON (%s)".formatted(GivenJson.where(e)));
    } catch (IllegalArgumentException e) {
      refuse(variable, "JSON");
    }
    return MissingNode.getInstance();
  }

  <T> T choice(Variable variable, T[] all, Function<T, String> value, T otherwise) {
    String text = text(variable, null);
    if (text == null) {
      return otherwise;
    }
    for (T one : all) {
      if (value.apply(one).equals(text)) {
        return one;
      }
    }
    refuse(variable);
    return otherwise;
  }

  void refuse(Variable variable) {
    refuse(variable, variable.allowed().inRefusal());
  }

  void refuse(Variable variable, String allowed) {
    refused.add(variable.name());
    Object value = variables.get(variable.name());
    String shown = USER_INFO.matcher(String.valueOf(value)).replaceAll("//(user and password)@");
    if (shown.length() > MAX_SHOWN) {
      shown = shown.substring(0, MAX_SHOWN) + "…";
    }
    String type =
        value == null || value instanceof TooLongText
            ? ""
            : " (" + value.getClass().getSimpleName() + ")";
    problem(
        "%s = %s%s is not allowed; allowed is %s".formatted(variable.name(), shown, type, allowed));
  }

  /** Something that is wrong with more than one variable, or with its name. */
  void problem(String text) {
    problems.add(text);
  }

  void problems(Collection<String> texts) {
    problems.addAll(texts);
  }

  /** What is wrong with others. */
  void problemsOf(VariableReader others) {
    problems.addAll(others.problems);
  }

  /** What was read, with what is wrong. */
  <T> Reading<T> reading(T value) {
    return new Reading<>(
        value,
        problems.stream().map(VariableReader::onOneLine).distinct().toList(),
        Set.copyOf(refused));
  }

  /** Refuses a request in which something is wrong: all of it in one text, on one line. */
  static void refuse(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new ClusterException(
          ClusterError.DASK_INVALID_REQUEST, onOneLine(String.join("; ", problems)));
    }
  }

  private static String onOneLine(String text) {
    return CONTROL.matcher(text).replaceAll(" ");
  }
}
