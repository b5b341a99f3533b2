package io.unicoredask;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README names what is there. */
class ReadmeTest {

  private static final Pattern FILE = Pattern.compile("]\\(([^)#:\\s]+)\\)");
  private static final Pattern SECTION = Pattern.compile("]\\(#([^)]*)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
  private static final Pattern TEST = Pattern.compile("\\[`([a-z]\\w+)`]\\((src/test/[^)]*)\\)");

  private final String readme = read(Path.of("README.md"));

  @Test
  void theFilesThatItLinksToAreThere() {
    assertThat(matches(FILE))
        .extracting(match -> Path.of(match.group(1)))
        .isNotEmpty()
        .allMatch(Files::exists);
  }

  @Test
  void theSectionsThatItLinksToAreThere() {
    List<String> sections =
        matches(HEADING).stream()
            .map(
                match -> match.group(1).toLowerCase(Locale.ROOT).replace(",", "").replace(' ', '-'))
            .toList();
    assertThat(matches(SECTION))
        .isNotEmpty()
        .extracting(match -> match.group(1))
        .allMatch(sections::contains);
  }

  @Test
  void theTestsThatItNamesAreThere() {
    assertThat(matches(TEST))
        .isNotEmpty()
        .allSatisfy(
            match ->
                assertThat(read(Path.of(match.group(2)))).contains("void " + match.group(1) + "("));
  }

  /** {@code mvn test -Dtest=ReadmeTest -Dreadme.write} puts them right. */
  @Test
  void itsTablesOfVariablesAreThoseOfTheCode() throws IOException {
    String updated = ReadmeTables.updated(readme);
    if (System.getProperty("readme.write") != null) {
      Files.writeString(Path.of("README.md"), updated);
    } else {
      assertThat(readme).isEqualTo(updated);
    }
  }

  private List<MatchResult> matches(Pattern pattern) {
    return pattern.matcher(readme).results().toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
