package io.unicoredask.cluster.request;

import java.util.List;

/**
 * What UNICORE takes in names and resources: it fails jobs that have anything else, or drops it.
 */
final class LegalText {

  static final String ALLOWED = "a text of one line, without ` and $(";

  private static final List<String> ILLEGAL = List.of("\n", "\r", "`", "$(");

  private LegalText() {}

  static boolean isLegal(String text) {
    return ILLEGAL.stream().noneMatch(text::contains);
  }
}
