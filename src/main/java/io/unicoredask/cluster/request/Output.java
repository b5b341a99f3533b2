package io.unicoredask.cluster.request;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Process variables that a cluster or a script writes, which are told of in one sentence. Texts are
 * Markdown.
 *
 * @param names their names; empty if somebody else gives them names
 * @param whose what is said in the place of names; null if there are names
 * @param type their type in the engine's words
 * @param meaning what they say
 */
public record Output(List<String> names, String whose, String type, String meaning) {

  static Output output(String type, String meaning, String... names) {
    return new Output(List.of(names), null, type, meaning);
  }

  /** What a table says of the names. */
  public String namesInTable() {
    return whose != null
        ? whose
        : names.stream().map("`%s`"::formatted).collect(Collectors.joining(", "));
  }
}
