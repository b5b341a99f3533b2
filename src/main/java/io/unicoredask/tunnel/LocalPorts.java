package io.unicoredask.tunnel;

import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which ports of this machine tunnels may listen on.
 *
 * @param first the lowest, 1 or more
 * @param last the highest, 65535 or less
 */
public record LocalPorts(int first, int last) {

  private static final int HIGHEST = 65535;
  private static final Pattern RANGE =
      Pattern.compile("\\s*(\\d{1,5})\\s*(?:-\\s*(\\d{1,5})\\s*)?");

  /** All but the privileged ones. */
  private static final LocalPorts UNPRIVILEGED = new LocalPorts(1024, HIGHEST);

  /**
   * Checks both.
   *
   * @throws IllegalArgumentException if they are no ports, or in the wrong order
   */
  public LocalPorts {
    if (first < 1 || last < first || last > HIGHEST) {
      throw new IllegalArgumentException(
          "ports = %d-%d is not allowed; it is two ports from 1 to 65535, such as 4300-4400"
              .formatted(first, last));
    }
  }

  /** All but the privileged ones. */
  public static LocalPorts unprivileged() {
    return UNPRIVILEGED;
  }

  /**
   * What an operator writes: {@code 4300-4400}, or a single port.
   *
   * @throws IllegalArgumentException if it is none of the two; the message begins with {@code
   *     ports}
   */
  public static LocalPorts of(String text) {
    Matcher range = RANGE.matcher(text);
    if (!range.matches()) {
      throw new IllegalArgumentException(
          "ports = %s is not allowed; it is two ports from 1 to 65535, such as 4300-4400"
              .formatted(text));
    }
    int first = Integer.parseInt(range.group(1));
    return new LocalPorts(first, range.group(2) == null ? first : Integer.parseInt(range.group(2)));
  }

  boolean allow(int port) {
    return first <= port && port <= last;
  }

  /** The ports to try where any would do; 0 alone if the system may choose. */
  List<Integer> anyOf() {
    if (equals(UNPRIVILEGED)) {
      return List.of(0);
    }
    List<Integer> ports = IntStream.rangeClosed(first, last).boxed().collect(Collectors.toList());
    Collections.shuffle(ports);
    return ports;
  }

  /** As it is written. */
  @Override
  public String toString() {
    return first == last ? String.valueOf(first) : first + "-" + last;
  }
}
