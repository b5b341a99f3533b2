package io.unicoredask.localsite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Paths below a storage's root. */
final class SiteFiles {
  private SiteFiles() {}

  /** A path below a directory, or {@code null} if it leads out of it. Links are followed. */
  static Path inside(Path root, String relative) {
    if (relative.indexOf('\0') >= 0) {
      return null;
    }
    Path path = root.resolve(relative.replaceAll("^/+", "")).normalize();
    return path.startsWith(root) ? path : null;
  }

  /** Deletes a directory and what is in it; what cannot be deleted stays. */
  static void deleteTree(Path root) {
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | java.io.UncheckedIOException gone) {
      // somebody else is deleting or writing there
    }
  }
}
