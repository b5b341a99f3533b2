package io.unicoredask.cluster.request;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The variables of a job's shell whose values are known, since its description sets them. */
final class Variables {

  /** A longer value is no value: variables that name each other twice would grow for ever. */
  private static final int LONGEST = 64 * 1024;

  private static final Pattern NAMED = Pattern.compile("\\$(?:(\\w+)|\\{(\\w+)})");
  private static final Pattern ESCAPED = Pattern.compile("\\\\([$`\"\\\\])");

  private final Map<String, String> environment;
  private final Map<String, Optional<String>> found = new HashMap<>();

  /**
   * @param environment their values as they are given, which UNICORE puts between double quotes
   */
  Variables(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Where what begins with {@code $} or a backtick ends; -1 if it does not. */
  static int end(String line, int start) {
    if (line.charAt(start) == '`') {
      int end = line.indexOf('`', start + 1);
      return end < 0 ? -1 : end + 1;
    }
    if (line.startsWith("$(", start)) {
      return closed(line, start + 1, '(', ')');
    }
    if (line.startsWith("${", start)) {
      return closed(line, start + 1, '{', '}');
    }
    int end = start + 1;
    while (end < line.length() && isOfName(line.charAt(end))) {
      end++;
    }
    boolean special =
        end == start + 1 && end < line.length() && "@*#?$!-".indexOf(line.charAt(end)) >= 0;
    return special ? end + 1 : end;
  }

  private static boolean isOfName(char letter) {
    return letter == '_' || Character.isLetterOrDigit(letter);
  }

  private static int closed(String line, int start, char open, char close) {
    int depth = 0;
    for (int i = start; i < line.length(); i++) {
      depth += line.charAt(i) == open ? 1 : line.charAt(i) == close ? -1 : 0;
      if (depth == 0) {
        return i + 1;
      }
    }
    return -1;
  }

  /** The value of {@code $NAME} or <code>${NAME}</code>; null if it is not known. */
  String value(String expansion) {
    Matcher named = NAMED.matcher(expansion);
    if (!named.matches()) {
      return null;
    }
    return valueOf(name(named));
  }

  private static String name(Matcher named) {
    return named.group(1) == null ? named.group(2) : named.group(1);
  }

  private String valueOf(String name) {
    if (!found.containsKey(name)) {
      found.put(name, Optional.empty()); // while it is looked for, for those that name themselves
      found.put(name, Optional.ofNullable(environment.get(name)).map(this::within));
    }
    return found.get(name).orElse(null);
  }

  /** Whether it is a variable of the description, though one without a value. */
  private boolean isGiven(String expansion) {
    Matcher named = NAMED.matcher(expansion);
    return named.matches() && environment.containsKey(name(named));
  }

  /**
   * What the description does not set stays as it is; null if it becomes too long, or needs what
   * has no value for that reason or since it names itself.
   */
  private String within(String given) {
    StringBuilder value = new StringBuilder();
    int at = 0;
    while (at < given.length()) {
      if (value.length() > LONGEST) {
        return null;
      }
      Matcher escaped = ESCAPED.matcher(given).region(at, given.length());
      if (escaped.lookingAt()) {
        value.append(escaped.group(1));
        at = escaped.end();
      } else if (given.charAt(at) == '$' || given.charAt(at) == '`') {
        int end = end(given, at);
        String text = given.substring(at, end < 0 ? given.length() : end);
        String known = value(text);
        if (known == null && isGiven(text)) {
          return null;
        }
        value.append(known == null ? text : known);
        at += text.length();
      } else {
        value.append(given.charAt(at++));
      }
    }
    return value.toString();
  }
}
