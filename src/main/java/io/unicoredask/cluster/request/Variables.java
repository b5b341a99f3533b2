package io.unicoredask.cluster.request;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The variables of a job's shell whose values are known, since its description sets them.
 *
 * @param environment their values as they are given, which UNICORE puts between double quotes
 * @param open those whose values are being found out
 */
record Variables(Map<String, String> environment, Set<String> open) {

  private static final Pattern NAMED = Pattern.compile("\\$(?:(\\w+)|\\{(\\w+)})");
  private static final Pattern ESCAPED = Pattern.compile("\\\\([$`\"\\\\])");

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
    String name = named.group(1) == null ? named.group(2) : named.group(1);
    if (!environment.containsKey(name) || open.contains(name)) {
      return null;
    }
    Set<String> deeper = new HashSet<>(open);
    deeper.add(name);
    return new Variables(environment, deeper).within(environment.get(name));
  }

  /** What is not known in it stays as it is. */
  private String within(String given) {
    StringBuilder value = new StringBuilder();
    int at = 0;
    while (at < given.length()) {
      Matcher escaped = ESCAPED.matcher(given).region(at, given.length());
      if (escaped.lookingAt()) {
        value.append(escaped.group(1));
        at = escaped.end();
      } else if (given.charAt(at) == '$' || given.charAt(at) == '`') {
        int end = end(given, at);
        String text = given.substring(at, end < 0 ? given.length() : end);
        String known = value(text);
        value.append(known == null ? text : known);
        at += text.length();
      } else {
        value.append(given.charAt(at++));
      }
    }
    return value.toString();
  }
}
