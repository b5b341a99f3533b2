package io.unicoredask.camunda;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * A part of a WHERE.
 *
 * @param sql with a question mark for each argument
 * @param arguments in the order of the question marks
 */
record Condition(String sql, List<?> arguments) {

  static final Condition ALWAYS = new Condition("1 = 1", List.of());
  static final Condition NEVER = new Condition("1 = 0", List.of());

  static Condition in(String column, Collection<?> values) {
    return values.isEmpty()
        ? NEVER
        : new Condition(
            "%s IN (%s)"
                .formatted(column, String.join(", ", Collections.nCopies(values.size(), "?"))),
            List.copyOf(values));
  }

  static Condition and(Condition one, Condition other) {
    if (one == ALWAYS || other == NEVER) {
      return other;
    }
    return other == ALWAYS || one == NEVER ? one : joined(one, "AND", other);
  }

  static Condition or(Condition one, Condition other) {
    if (one == ALWAYS || other == NEVER) {
      return one;
    }
    return other == ALWAYS || one == NEVER ? other : joined(one, "OR", other);
  }

  private static Condition joined(Condition one, String by, Condition other) {
    List<Object> arguments = new ArrayList<>(one.arguments());
    arguments.addAll(other.arguments());
    return new Condition("(%s %s %s)".formatted(one.sql(), by, other.sql()), arguments);
  }
}
