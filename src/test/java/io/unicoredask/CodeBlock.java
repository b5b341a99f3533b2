package io.unicoredask;

import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A block of code in a page of the documentation. The line before it says what becomes of it.
 *
 * @param document where it stands
 * @param language what it is written in
 * @param mark what the comment before it says; empty if there is none
 * @param text the code
 */
public record CodeBlock(Document document, String language, String mark, String text) {

  static final Pattern PATTERN =
      Pattern.compile("(?ms)^(?:<!-- ([^\\n]*) -->\\n)?```(\\w*)\\n(.*?)^```$");

  /** What people paste, and may hope to work. */
  private static final Set<String> TO_BE_TRIED =
      Set.of("sh", "bash", "python", "java", "yaml", "xml");

  private static final String RUN_BY = "run by: ";
  private static final String NOT_RUN = "not run: ";

  static CodeBlock of(Document document, MatchResult found) {
    return new CodeBlock(
        document, found.group(2), Optional.ofNullable(found.group(1)).orElse(""), found.group(3));
  }

  /** Whether it has to be run, or said why not. */
  boolean isToBeTried() {
    return TO_BE_TRIED.contains(language);
  }

  /** Whether it is said why nothing runs it. */
  boolean isNotRun() {
    return mark.startsWith(NOT_RUN);
  }

  /** The test that runs it, or a file that it is part of. */
  Optional<String> runBy() {
    return mark.startsWith(RUN_BY)
        ? Optional.of(mark.substring(RUN_BY.length()))
        : Optional.empty();
  }

  /** Whether a test is to run it. */
  public boolean isRunBy(Class<?> test) {
    return runBy().filter(test.getSimpleName()::equals).isPresent();
  }

  @Override
  public String toString() {
    return "%s: %s: %s".formatted(document, mark, text.lines().findFirst().orElse(""));
  }
}
