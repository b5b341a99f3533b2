package io.unicoredask.camunda;

/** Makes texts of others fit into a message, or a line of the log that they cannot forge. */
final class OneLine {

  private static final int LONGEST_NAME = 100;

  private OneLine() {}

  /** The text without its line breaks. */
  static String of(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ");
  }

  /** A name that may be as long as it likes. */
  static String name(String text) {
    String line = of(text);
    return line.length() <= LONGEST_NAME ? line : line.substring(0, LONGEST_NAME) + "…";
  }
}
