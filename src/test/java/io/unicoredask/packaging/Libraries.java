package io.unicoredask.packaging;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Class paths for programs that have other jars beside libraries of this JVM. */
final class Libraries {

  private Libraries() {}

  /** These first, as whatever is in Camunda Run's userlib is. */
  static String path(List<Path> jars, Predicate<String> others) {
    return Stream.concat(
            jars.stream().map(Path::toString),
            Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .filter(entry -> others.test(Path.of(entry).getFileName().toString())))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Whether a jar's name begins with one of these. */
  static Predicate<String> named(String beginnings) {
    return Pattern.compile("(" + beginnings + ").*").asMatchPredicate();
  }
}
