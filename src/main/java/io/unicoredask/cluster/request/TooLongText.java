package io.unicoredask.cluster.request;

/**
 * Stands for a text that the engine cannot keep as one.
 *
 * @param characters how many it has
 */
public record TooLongText(int characters) {

  /** How many a text variable of the engine takes. */
  public static final int LIMIT = 4000;

  @Override
  public String toString() {
    return "(%d characters)".formatted(characters);
  }
}
