package io.unicoredask.cluster.request;

import java.util.Locale;
import java.util.regex.Pattern;

/** How names differ that are meant to be the same. */
final class Spelling {

  private static final Pattern BETWEEN_WORDS = Pattern.compile("[\\s._-]+");

  private Spelling() {}

  /** A name without what languages and people write differently: case, and between its words. */
  static String letters(String name) {
    return BETWEEN_WORDS.matcher(name).replaceAll("").toLowerCase(Locale.ROOT);
  }

  /** The singular of what may be a plural. */
  static String one(String plural) {
    return plural.replaceFirst("(?<=ss)es$|(?<!s)s$", "");
  }

  /** Whether a letter at the most is too many, missing or wrong, or two are in the wrong order. */
  static boolean isOneEditFrom(String one, String other) {
    int longest = Math.min(one.length(), other.length());
    int before = 0;
    while (before < longest && one.charAt(before) == other.charAt(before)) {
      before++;
    }
    int behind = 0;
    while (behind < longest - before
        && one.charAt(one.length() - 1 - behind) == other.charAt(other.length() - 1 - behind)) {
      behind++;
    }
    String here = one.substring(before, one.length() - behind);
    String there = other.substring(before, other.length() - behind);
    return here.length() <= 1 && there.length() <= 1
        || here.length() == 2 && here.equals(new StringBuilder(there).reverse().toString());
  }
}
