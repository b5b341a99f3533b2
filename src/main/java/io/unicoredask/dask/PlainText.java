package io.unicoredask.dask;

import java.util.regex.Pattern;

/** Text that a scheduler, or whoever answers in its place, chose: fit for a log and a database. */
final class PlainText {

  /** Characters of a name or an address. */
  static final int NAME = 256;

  /** Characters of a reason. */
  static final int REASON = 300;

  private static final Pattern BLANKS = Pattern.compile("[\\s\\p{C}\\p{Zl}\\p{Zp}]+");

  private PlainText() {}

  /** On one line, without control characters, and not longer than so many characters. */
  static String of(String text, int most) {
    String plain = BLANKS.matcher(text).replaceAll(" ").strip();
    if (plain.length() <= most) {
      return plain;
    }
    int end = Character.isHighSurrogate(plain.charAt(most - 2)) ? most - 2 : most - 1;
    return plain.substring(0, end) + "…";
  }
}
