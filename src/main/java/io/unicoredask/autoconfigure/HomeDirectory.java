package io.unicoredask.autoconfigure;

import java.nio.file.Path;

/** Paths in properties: {@code ~/} is the home directory of the user that runs the engine. */
public final class HomeDirectory {

  private static final Path TILDE = Path.of("~");

  private HomeDirectory() {}

  /**
   * Puts the home directory in the place of a leading {@code ~}, as a shell would have done; it
   * does not where a path follows a {@code =}.
   *
   * @param path the path as it was written; null stays null
   */
  public static Path resolve(Path path) {
    return path != null && path.startsWith(TILDE)
        ? Path.of(System.getProperty("user.home")).resolve(TILDE.relativize(path))
        : path;
  }
}
