package io.unicoredask;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documentation names what is there. */
class DocumentationTest {

  private static final Pattern TEST = Pattern.compile("\\[`([a-z]\\w+)`]\\(([^)]*\\.java)\\)");

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
}
