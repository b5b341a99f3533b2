package io.unicoredask.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * An application as anybody has it who begins with Operaton: its starters, the plugin, and a class
 * that is empty but for its annotation.
 */
final class OperatonApplication {

  private static final String SOURCE =
      """
      package example;

      import org.springframework.boot.SpringApplication;
      import org.springframework.boot.autoconfigure.SpringBootApplication;

      @SpringBootApplication
      public class Application {
        public static void main(String[] arguments) {
          SpringApplication.run(Application.class, arguments);
        }
      }
      """;

  /** What of this project's libraries is not in such an application. */
  private static final Pattern NOT_ITS =
      Pattern.compile(
          ".*/(org/camunda/(bpm|spin|commons)|org/springframework/security|org/wiremock|org/seleniumhq|org/junit|"
              + "org/assertj|org/mockito|com/tngtech|io/soabase)/.*");

  private static final Path LIBRARIES = Path.of(System.getProperty("operaton.libraries"));

  private OperatonApplication() {}

  /** Compiles it, and returns what starts it, with these jars of the plugin. */
  static List<String> command(Path directory, Path... plugins) throws IOException {
    Path source = Files.writeString(directory.resolve("Application.java"), SOURCE);
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
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-XX:MetaspaceSize=128m",
        "-cp",
        directory + File.pathSeparator + libraries,
        "example.Application");
  }

  private static String libraries(Path... plugins) throws IOException {
    try (Stream<Path> operaton = Files.list(LIBRARIES)) {
      return Stream.of(
              Stream.of(plugins).map(Path::toString),
              operaton.map(Path::toString).sorted(),
              Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                  .filter(entry -> entry.endsWith(".jar"))
                  .filter(entry -> !NOT_ITS.matcher(entry).matches()))
          .flatMap(entries -> entries)
          .collect(Collectors.joining(File.pathSeparator));
    }
  }
}
