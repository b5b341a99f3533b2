package io.unicoredask.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.asm.ClassReader;

/** A jar that has libraries in it under names of their own. */
final class ShadedJar {

  /** What of the project is the plugin. */
  static final Set<String> ROOMS =
      Set.of("autoconfigure", "camunda", "cluster", "dask", "relay", "tunnel", "unicore");

  private static final int CLASS_CONSTANT = 7;
  private static final String OWN = "io/unicoredask/";
  private static final String SHADED = OWN + "shaded/";
  private static final Set<String> DOMAINS = Set.of("ch", "com", "io", "jakarta", "net", "org");

  private final Path file;

  ShadedJar(Path file) {
    this.file = file;
  }

  long size() {
    return file.toFile().length();
  }

  /** All that is no class, but for what says which versions of libraries there are. */
  Set<String> resources() throws IOException {
    return matching(".*(?<!\\.class)(?<!/pom\\.properties)");
  }

  /** The classes of the plugin itself. */
  Set<String> ownClasses() throws IOException {
    return matching(OWN + "(?!shaded/).*(?<!/package-info)\\.class");
  }

  private Set<String> matching(String expression) throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      return files(jar)
          .filter(Pattern.compile(expression).asMatchPredicate())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** The rooms of the plugin. */
  Set<String> rooms() throws IOException {
    return ownClasses().stream()
        .map(name -> name.split("/")[2])
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The libraries, by the beginnings of their packages, which are shaded. */
  Set<String> libraries() throws IOException {
    return matching(SHADED + ".*\\.class").stream()
        .map(name -> beginning(name.substring(SHADED.length())))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Classes that are neither. */
  Set<String> foreign() throws IOException {
    return matching("(?!" + OWN + ").*\\.class");
  }

  /** {@code org.slf4j} of {@code org/slf4j/Logger}, and {@code feign} of {@code feign/Feign}. */
  private static String beginning(String name) {
    String[] parts = name.split("/");
    return DOMAINS.contains(parts[0]) ? parts[0] + "." + parts[1] : parts[0];
  }

  /** The beginnings of the packages of those classes that its classes name and it has not. */
  Set<String> needed() throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      Set<String> own = files(jar).collect(Collectors.toSet());
      return files(jar)
          .filter(name -> name.endsWith(".class"))
          .flatMap(name -> named(jar, name))
          .filter(name -> !name.startsWith("[") && !name.startsWith("java/"))
          .filter(name -> !own.contains(name + ".class"))
          .map(ShadedJar::beginning)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** Those of its classes that name a class. */
  Set<String> naming(String type) throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      return files(jar)
          .filter(name -> name.endsWith(".class"))
          .filter(name -> named(jar, name).anyMatch(type::equals))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static Stream<String> named(JarFile jar, String name) {
    ClassReader reader;
    try {
      reader = new ClassReader(jar.getInputStream(jar.getEntry(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    char[] buffer = new char[reader.getMaxStringLength()];
    Stream.Builder<String> all = Stream.builder();
    for (int i = 1; i < reader.getItemCount(); i++) {
      int item = reader.getItem(i);
      if (item > 0 && reader.readByte(item - 1) == CLASS_CONSTANT) {
        all.add(reader.readUTF8(item, buffer));
      }
    }
    return all.build();
  }

  private static Stream<String> files(JarFile jar) {
    return jar.stream().filter(entry -> !entry.isDirectory()).map(JarEntry::getName);
  }
}
