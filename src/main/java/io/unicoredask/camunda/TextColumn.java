package io.unicoredask.camunda;

import io.unicoredask.camunda.engine.Transaction;
import org.camunda.bpm.engine.ProcessEngineConfiguration;

/** Makes texts fit into the engine's columns. */
class TextColumn {

  /** What the engine's tables give string variables, error and incident messages. */
  private static final int WIDTH = 4000;

  /** As {@code camunda.oracle.create.engine.sql} has them. */
  private static final int WIDTH_IN_ORACLE = 2000;

  /** The engine puts some words around a message. */
  private static final int MARGIN = 100;

  private static final String CUT = "\n…\n";

  private TextColumn() {}

  /** How many characters a text may have in the database of the engine that runs this command. */
  static int width() {
    return width(
        Transaction.currentEngine().map(ProcessEngineConfiguration::getDatabaseType).orElse(null));
  }

  static int width(String databaseType) {
    return "oracle".equals(databaseType) ? WIDTH_IN_ORACLE : WIDTH;
  }

  /** The text itself if it is short enough, else its beginning and its end. */
  static String fitting(String text) {
    return fitting(text, width() - MARGIN);
  }

  static String fitting(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int half = (most - CUT.length()) / 2;
    return text.substring(0, between(text, half))
        + CUT
        + text.substring(between(text, text.length() - half));
  }

  /** There, or one before if that would part the two halves of a character. */
  private static int between(String text, int index) {
    return Character.isSurrogatePair(text.charAt(index - 1), text.charAt(index))
        ? index - 1
        : index;
  }
}
