package io.unicoredask;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documentation names what is there. */
class DocumentationTest {

  private static final Pattern TEST = Pattern.compile("\\[`([a-z]\\w+)`]\\(([^)]*\\.java)\\)");

  private static final Pattern COORDINATE = Pattern.compile("  <(groupId|artifactId|version)>.*");

  private static final List<Path> TESTS = files(Path.of("src/test/java"));

  private final List<Document> documents = Document.all();

  @Test
  void whatItLinksToIsThere() {
    assertThat(documents.stream().flatMap(DocumentationTest::brokenLinks)).isEmpty();
    assertThat(documents).anyMatch(document -> !document.links().isEmpty());
  }

  @Test
  void theTestsThatItNamesAreThere() {
    assertThat(
            documents.stream()
                .flatMap(
                    document ->
                        document.matches(TEST).stream()
                            .map(
                                match -> {
                                  Document test = Document.read(document.fileOf(match.group(2)));
                                  assertThat(test.text()).contains("void " + match.group(1) + "(");
                                  return match.group(1);
                                })))
        .isNotEmpty();
  }

  @Test
  void eachPageIsLedToFromAnother() {
    List<Path> targets =
        documents.stream()
            .flatMap(document -> document.links().stream().map(document::fileOf))
            .toList();
    assertThat(documents)
        .filteredOn(document -> document.file().startsWith("src/docs"))
        .allMatch(document -> targets.contains(document.file()));
  }

  /** {@code mvn test -Dtest=DocumentationTest -Ddocumentation.write} puts them right. */
  @Test
  void itsTablesOfVariablesAreThoseOfTheCode() throws IOException {
    for (Document document : documents) {
      String updated = DocumentationTables.updated(document.text());
      if (System.getProperty("documentation.write") != null) {
        Files.writeString(document.file(), updated);
      } else {
        assertThat(document.text()).as(document.toString()).isEqualTo(updated);
      }
    }
    assertThat(documents.stream().flatMap(one -> DocumentationTables.in(one.text()).stream()))
        .containsExactlyInAnyOrderElementsOf(DocumentationTables.all().keySet());
  }

  @Test
  void whatPeoplePasteIsRunByATestOrSaidNotToBe() {
    List<CodeBlock> blocks =
        documents.stream()
            .filter(document -> isForUsers(document.file()))
            .flatMap(document -> document.blocks().stream())
            .filter(CodeBlock::isToBeTried)
            .toList();
    assertThat(blocks)
        .isNotEmpty()
        .allMatch(
            block -> block.isNotRun() || block.runBy().filter(by -> runs(by, block)).isPresent());
  }

  private static boolean isForUsers(Path file) {
    return file.startsWith("src/docs") || file.equals(Path.of("README.md"));
  }

  /** It names the page, or takes all. */
  private static boolean runs(String test, CodeBlock block) {
    String page = block.document().file().toString();
    return TESTS.stream()
        .filter(file -> file.getFileName().toString().equals(test + ".java"))
        .map(file -> Document.read(file).text())
        .anyMatch(text -> text.contains(page) || text.contains("Document.all()"));
  }

  @Test
  void theDependencyThatItNamesIsThisProject() {
    String pom = Document.read(Path.of("pom.xml")).text();
    assertThat(documents.stream().flatMap(one -> one.blocks().stream()))
        .filteredOn(block -> block.isRunBy(getClass()))
        .isNotEmpty()
        .allSatisfy(
            block ->
                assertThat(block.text().lines().filter(COORDINATE.asMatchPredicate()))
                    .hasSize(3)
                    .allMatch(pom::contains));
  }

  private static Stream<String> brokenLinks(Document document) {
    return document.links().stream()
        .filter(target -> !leadsSomewhere(document, target))
        .map(target -> document + ": " + target);
  }

  private static boolean leadsSomewhere(Document document, String target) {
    Path file = document.fileOf(target);
    int anchor = target.indexOf('#');
    return Files.exists(file)
        && (anchor < 0 || Document.read(file).anchors().contains(target.substring(anchor + 1)));
  }

  private static List<Path> files(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
