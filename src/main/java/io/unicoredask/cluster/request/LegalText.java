package io.unicoredask.cluster.request;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What UNICORE takes in names and resources: it fails jobs that have anything else, or drops it.
 */
final class LegalText {

  static final String ALLOWED = "a text of one line, without control characters, ` and $(";

  private static final List<String> ILLEGAL = List.of("`", "$(");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private LegalText() {}

  static boolean isLegal(String text) {
    return !CONTROL.matcher(text).find() && ILLEGAL.stream().noneMatch(text::contains);
  }
}
