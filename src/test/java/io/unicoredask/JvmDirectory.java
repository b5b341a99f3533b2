package io.unicoredask;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;

/** Directories for as long as this JVM runs. */
public final class JvmDirectory {

  private JvmDirectory() {}

  /** Makes one, with what its name begins with. */
  public static Path make(String name) throws IOException {
    Path directory = Files.createTempDirectory(name);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
    return directory;
  }

  static void delete(Path directory) {
    try {
      FileSystemUtils.deleteRecursively(directory);
    } catch (IOException e) {
      // what is left is in the machine's directory for temporary files
    }
  }
}
