package io.unicoredask.dask;

/** Text that a scheduler, or whoever answers in its place, chose: fit for a log and a database. */
final class PlainText {

  /** Characters of a name or an address. */
  static final int NAME = 256;

  /** Characters of a reason. */
  static final int REASON = 300;

  private PlainText() {}

  /** On one line, without control characters, and not longer than so many characters. */
  static String of(String text, int most) {
    String plain = text.replaceAll("[\\s\\p{C}\\p{Zl}\\p{Zp}]+", " ").strip();
    if (plain.length() <= most) {
      return plain;
    }
    int end = Character.isHighSurrogate(plain.charAt(most - 2)) ? most - 2 : most - 1;
    return plain.substring(0, end) + "…";
  }
}
