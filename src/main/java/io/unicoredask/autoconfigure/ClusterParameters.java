package io.unicoredask.autoconfigure;

import io.unicoredask.camunda.ClusterFilter;
import io.unicoredask.camunda.ClusterFilter.State;
import io.unicoredask.cluster.ClusterStatus;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The parameters of a list of clusters, as they come in a URL. */
final class ClusterParameters {

  private static final List<String> NAMES =
      List.of("state", "site", "user", "status", "name", "firstResult", "maxResults");

  private static final int USUAL_RESULTS = 50;
  private static final int MOST_RESULTS = 500;
  private static final int LAST_RESULT = 10_000_000;

  private final Map<String, List<String>> given;

  private ClusterParameters(Map<String, List<String>> given) {
    this.given = given;
  }

  /**
   * What they ask for.
   *
   * @throws IllegalArgumentException if one is not allowed; the message names it
   */
  static ClusterFilter read(Map<String, List<String>> given) {
    given.keySet().stream()
        .filter(name -> !NAMES.contains(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw new IllegalArgumentException(
                  "%s is no parameter of this list; there are %s".formatted(name, NAMES));
            });
    return new ClusterParameters(given).filter();
  }

  private ClusterFilter filter() {
    State state = choice("state", State.class, name -> name.toLowerCase(Locale.ROOT));
    return new ClusterFilter(
        state == null ? State.ALL : state,
        text("site"),
        text("user"),
        choice("status", ClusterStatus.class, name -> name),
        text("name"),
        number("firstResult", 0, 0, LAST_RESULT),
        number("maxResults", USUAL_RESULTS, 1, MOST_RESULTS));
  }

  /** Null if it is not given; an empty one, as a form sends it, is not given either. */
  private String text(String name) {
    List<String> values = given.getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw new IllegalArgumentException(
          "%s is given %d times; allowed is once".formatted(name, values.size()));
    }
    return values.isEmpty() || values.get(0).isEmpty() ? null : values.get(0);
  }

  private <E extends Enum<E>> E choice(String name, Class<E> type, UnaryOperator<String> written) {
    String value = text(name);
    if (value == null) {
      return null;
    }
    return Arrays.stream(type.getEnumConstants())
        .filter(one -> written.apply(one.name()).equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                refused(
                    name,
                    value,
                    Arrays.stream(type.getEnumConstants())
                        .map(one -> written.apply(one.name()))
                        .collect(Collectors.joining(", "))));
  }

  private int number(String name, int usual, int least, int most) {
    String value = text(name);
    if (value == null) {
      return usual;
    }
    if (value.matches("\\d{1,9}")) {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw refused(name, value, "a whole number from %d to %d".formatted(least, most));
  }

  private static IllegalArgumentException refused(String name, String value, String allowed) {
    return new IllegalArgumentException(
        "%s = %s is not allowed; allowed is %s".formatted(name, value, allowed));
  }
}
