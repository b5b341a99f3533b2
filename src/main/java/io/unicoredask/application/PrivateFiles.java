package io.unicoredask.application;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Directories and files for their owner only, where the file system can say so (POSIX). */
class PrivateFiles {

  private static final String DIRECTORY = "rwx------";
  private static final String FILE = "rw-------";

  private PrivateFiles() {}

  /** Makes a directory, and those above it, unless it is there: then it stays as it is. */
  static void makeDirectory(Path directory) throws IOException {
    Path absolute = directory.toAbsolutePath();
    if (!Files.isDirectory(absolute)) {
      if (absolute.getParent() != null) {
        Files.createDirectories(absolute.getParent());
      }
      // Not createDirectory(), which fails if another engine makes it just now.
      Files.createDirectories(absolute, only(absolute.getParent(), DIRECTORY));
    }
  }

  /**
   * Makes an empty file.
   *
   * @throws java.nio.file.FileAlreadyExistsException if it is there
   */
  static void makeFile(Path file) throws IOException {
    Files.createFile(file, only(file.toAbsolutePath().getParent(), FILE));
  }

  /** Takes from everybody else what a directory holds, and what it is to hold. */
  static void close(Path directory) throws IOException {
    if (isPosix(directory)) {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(DIRECTORY));
      try (var files = Files.newDirectoryStream(directory, Files::isRegularFile)) {
        for (Path file : files) {
          Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(FILE));
        }
      }
    }
  }

  private static FileAttribute<?>[] only(Path parent, String permissions) throws IOException {
    return isPosix(parent)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path existing) throws IOException {
    return Files.getFileStore(existing).supportsFileAttributeView("posix");
  }
}
