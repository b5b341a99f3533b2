package io.unicoredask.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.CodeBlock;
import io.unicoredask.Document;
import io.unicoredask.ShortJvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * An application as the documentation has it: Operaton's starters, the plugin, and a class that is
 * empty but for its annotation.
 */
final class OperatonApplication {

  /** What of this project's libraries is not in such an application. */
  private static final Predicate<String> NOT_ITS =
      Libraries.named(
          "camunda-|spring-security|wiremock|selenium|junit|assertj|mockito|archunit|record-builder");

  private static final Path LIBRARIES = Path.of(System.getProperty("operaton.libraries"));

  private OperatonApplication() {}

  /**
   * Makes it in a directory.
   *
   * @param plugins the jars of the plugin that it has
   * @return what starts it, in that directory
   */
  static List<String> command(Path directory, Path... plugins) throws IOException {
    Path source = Files.writeString(directory.resolve("Application.java"), block("java"));
    Files.writeString(directory.resolve("application.yaml"), block("yaml"));
    String libraries = libraries(plugins);
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(
                    null,
                    null,
                    null,
                    "-proc:none",
                    "-cp",
                    libraries,
                    "-d",
                    directory.toString(),
                    source.toString()))
        .isZero();
    return ShortJvm.command(
        "-cp", directory + File.pathSeparator + libraries, "com.example.Application");
  }

  private static String block(String language) {
    return Document.read(Path.of(OperatonIT.PAGE)).blocks().stream()
        .filter(block -> block.isRunBy(OperatonIT.class) && block.language().equals(language))
        .map(CodeBlock::text)
        .findFirst()
        .orElseThrow();
  }

  private static String libraries(Path... plugins) throws IOException {
    try (Stream<Path> operaton = Files.list(LIBRARIES)) {
      return Libraries.path(
          Stream.concat(Stream.of(plugins), operaton.sorted()).toList(), NOT_ITS.negate());
    }
  }
}
