package io.unicoredask.cluster.request;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What there is to know of a process variable that a request is read from. Texts are Markdown.
 *
 * @param name its name
 * @param type its types in the engine's words, {@code Integer} or {@code Json or String} for
 *     instance
 * @param defaultValue what counts where it is not given, as a text that could be given; null if
 *     that depends
 * @param defaultText what is said of the default; null for the value itself, or nothing
 * @param allowed which values it may have
 * @param allowedNote what else is said of that, with its punctuation; empty for nothing
 * @param meaning what it is for
 * @param parameter the name of the same parameter of PyUNICORE's {@code UNICORECluster}; null if
 *     there is none of that kind
 * @param parameterNote what else is said of what {@code UNICORECluster} has; null for nothing
 * @param counts what a value counts for that a message brings; null if no message may change it
 */
@RecordBuilder
public record Variable(
    String name,
    String type,
    String defaultValue,
    String defaultText,
    Allowed allowed,
    String allowedNote,
    String meaning,
    String parameter,
    String parameterNote,
    String counts)
    implements VariableBuilder.With {

  static Variable input(String name, String type, Allowed allowed, String meaning) {
    return new Variable(name, type, null, null, allowed, "", meaning, null, null, null);
  }

  /** What a table says of the default; empty for nothing. */
  public String defaultInTable() {
    return Optional.ofNullable(defaultText)
        .or(() -> Optional.ofNullable(defaultValue).map(allowed::shown))
        .orElse("");
  }

  /** What a table says of the allowed values. */
  public String allowedInTable() {
    return allowed.inTable() + allowedNote;
  }

  /** What a table says of {@code UNICORECluster}; empty for nothing. */
  public String unicoreClusterInTable() {
    return Stream.of(Optional.ofNullable(parameter).map("`%s`"::formatted), note())
        .flatMap(Optional::stream)
        .collect(Collectors.joining(" "));
  }

  /** Its name as a label of a form has it. */
  public String label() {
    return capital(name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT));
  }

  /** What it is for, as a sentence without Markdown or a full stop. */
  public String meaningInWords() {
    return capital(plain(meaning));
  }

  /** The allowed values without Markdown. */
  public String allowedInWords() {
    return plain(allowedInTable());
  }

  /** What counts where it is not given, without Markdown; empty for nothing. */
  public String defaultInWords() {
    return plain(defaultInTable());
  }

  /** Without Markdown, and without what points to a place in the README. */
  private static String plain(String markdown) {
    return markdown
        .replaceAll("; see \\[[^]]*]\\([^)]*\\)", "")
        .replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
        .replace("`", "");
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private Optional<String> note() {
    return Optional.ofNullable(parameterNote);
  }

  int defaultNumber() {
    return Integer.parseInt(defaultValue);
  }

  boolean defaultTruth() {
    return Boolean.parseBoolean(defaultValue);
  }
}
