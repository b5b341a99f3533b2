package io.unicoredask.camunda;

/** Makes texts fit into the engine's columns. */
class TextColumn {

  /** String variables, error and incident messages have 4000 characters in the engine's tables. */
  private static final int LIMIT = 3900;

  private TextColumn() {}

  /** The text itself if it is short enough, else its beginning and its end. */
  static String fitting(String text) {
    int half = LIMIT / 2;
    return text.length() <= LIMIT
        ? text
        : text.substring(0, half) + "\n…\n" + text.substring(text.length() - half);
  }
}
