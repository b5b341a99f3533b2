package io.unicoredask.cluster.request;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Which values a variable may have: what is checked, and how it is said. */
public sealed interface Allowed {

  /** As a table says it, in Markdown. */
  String inTable();

  /** As a refusal says it, after "allowed is". */
  String inRefusal();

  /** A default value as a table says it, in Markdown. */
  default String shown(String value) {
    return value;
  }

  /** One of these texts. */
  static <T> Choice choice(T[] all, Function<T, String> value) {
    return new Choice(Stream.of(all).map(value).toList());
  }

  /**
   * A whole number.
   *
   * @param min the least
   * @param max the greatest
   */
  record Range(int min, int max) implements Allowed {

    boolean contains(int number) {
      return number >= min && number <= max;
    }

    @Override
    public String inTable() {
      return "%d to %d".formatted(min, max);
    }

    @Override
    public String inRefusal() {
      return "a whole number from %d to %d".formatted(min, max);
    }
  }

  /** A truth value. */
  record Truth() implements Allowed {

    @Override
    public String inTable() {
      return "true, false";
    }

    @Override
    public String inRefusal() {
      return "true or false";
    }
  }

  /**
   * One of some texts.
   *
   * @param values the texts
   */
  record Choice(List<String> values) implements Allowed {

    @Override
    public String inTable() {
      return values.stream().map(this::shown).collect(joining(", "));
    }

    @Override
    public String inRefusal() {
      return String.join(" or ", values);
    }

    @Override
    public String shown(String value) {
      return "`" + value + "`";
    }
  }

  /** An ISO 8601 duration from a millisecond, which is the least that is kept, to ten years. */
  record TimeSpan() implements Allowed {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(3650);

    static boolean contains(Duration time) {
      return time.compareTo(SHORTEST) >= 0 && time.compareTo(LONGEST) <= 0;
    }

    @Override
    public String inTable() {
      return "ISO 8601 duration in days or less, such as `P2DT12H`, from `%s` to `P%dD`"
          .formatted(SHORTEST, LONGEST.toDays());
    }

    @Override
    public String inRefusal() {
      return "an ISO 8601 duration in days or less, such as PT30M or P1D, from %s to P%dD"
          .formatted(SHORTEST, LONGEST.toDays());
    }
  }

  /**
   * Something else, which the variable's own reader checks.
   *
   * @param inTable as a table says it
   * @param inRefusal as a refusal says it
   */
  record Other(String inTable, String inRefusal) implements Allowed {}
}
