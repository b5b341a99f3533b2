package io.unicoredask.cluster.request;

/**
 * Stands for a text that the engine cannot keep as one.
 *
 * @param characters how many it has
 * @param allowed how many a text variable of the engine takes
 */
public record TooLongText(int characters, int allowed) {

  @Override
  public String toString() {
    return "(%d characters)".formatted(characters);
  }
}
