package io.unicoredask.autoconfigure;

import java.util.regex.Pattern;

/**
 * The values of {@code X-UNICORE-User-Preferences}. UNICORE/X passes over what it does not know, a
 * blank in front of a name included, so that somebody would silently be another than was meant.
 */
final class UserPreferences {

  private static final String PAIR =
      "(?i:uid|xlogin|role|group|pgid|supgids|vo|useOSgids):[^,:\\s\\p{Cntrl}]+";

  private static final Pattern ALLOWED = Pattern.compile(PAIR + "(," + PAIR + ")*");

  private UserPreferences() {}

  /**
   * The value; null if it is missing.
   *
   * @throws IllegalStateException if UNICORE would not take it as it is meant
   */
  static String checked(String property, String value) {
    if (value == null || value.isBlank()) {
      return null;
    }
    if (!ALLOWED.matcher(value).matches()) {
      throw new IllegalStateException(
          "%s = %s; allowed are pairs such as uid:x,group:y, of uid, role, group or pgid, supgids, vo or useOSgids and a value, without blanks"
              .formatted(property, value));
    }
    return value;
  }
}
