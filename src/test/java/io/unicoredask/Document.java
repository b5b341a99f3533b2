package io.unicoredask;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page of the documentation. */
public record Document(Path file, String text) {

  private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern LINK =
      Pattern.compile("](\\([^)\\s]+\\))|(?:src|href)=(\"[^\"]+\")");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

  /** All of them: what lies at the top, and what lies below {@code src/docs}. */
  public static List<Document> all() {
    try (Stream<Path> top = Files.list(Path.of(""));
        Stream<Path> pages = Files.walk(Path.of("src/docs"))) {
      return Stream.concat(top, pages)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .map(Document::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One of them. */
  public static Document read(Path file) {
    try {
      return new Document(file, Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where its links lead, but for those to other places than this repository. */
  List<String> links() {
    return matches(LINK, prose()).stream()
        .map(match -> match.group(1) == null ? match.group(2) : match.group(1))
        .map(quoted -> quoted.substring(1, quoted.length() - 1))
        .filter(target -> !target.matches("[a-z]+:.*"))
        .toList();
  }

  /** The names of its sections in links, as GitHub and GitLab make them. */
  List<String> anchors() {
    List<String> anchors = new ArrayList<>();
    for (MatchResult heading : matches(HEADING, prose())) {
      String anchor =
          heading
              .group(1)
              .toLowerCase(Locale.ROOT)
              .replaceAll("[^\\p{L}\\p{N}_ -]", "")
              .replace(' ', '-');
      anchors.add(anchors.contains(anchor) ? anchor + "-1" : anchor);
    }
    return anchors;
  }

  /** The code that is in it. */
  public List<CodeBlock> blocks() {
    return matches(CodeBlock.PATTERN).stream().map(found -> CodeBlock.of(this, found)).toList();
  }

  /** The file that a link leads to which stands in it. */
  Path fileOf(String target) {
    String other = target.replaceFirst("#.*", "");
    return other.isEmpty() ? file : file.resolveSibling(other).normalize();
  }

  /** Where a pattern is found in it. */
  public List<MatchResult> matches(Pattern pattern) {
    return matches(pattern, text);
  }

  private String prose() {
    return FENCED.matcher(text).replaceAll("");
  }

  private static List<MatchResult> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().toList();
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
