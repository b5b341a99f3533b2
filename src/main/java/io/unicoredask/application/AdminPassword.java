package io.unicoredask.application;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** The password of the user admin: what its file says, or a new one that is put there. */
class AdminPassword {

  private static final int BYTES = 18;

  private AdminPassword() {}

  static synchronized String in(Path file) {
    try {
      return Files.exists(file) ? given(file) : made(file);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The file %s with the password of user admin cannot be used; see application.admin-password-file"
              .formatted(file),
          e);
    }
  }

  /** Puts it there as a whole: another engine with the same home may begin just now. */
  private static String made(Path file) throws IOException {
    byte[] secret = new byte[BYTES];
    new SecureRandom().nextBytes(secret);
    String password = Base64.getUrlEncoder().encodeToString(secret);
    Path directory = file.toAbsolutePath().getParent();
    PrivateFiles.makeDirectory(directory);
    Path next = Files.createTempFile(directory, ".admin-password", ".tmp"); // for its owner only
    try {
      Files.writeString(next, password + "\n");
      Files.move(next, file);
      return password;
    } catch (FileAlreadyExistsException e) {
      return given(file);
    } finally {
      Files.deleteIfExists(next);
    }
  }

  private static String given(Path file) throws IOException {
    String password = Files.readString(file).replaceFirst("^\uFEFF", "").strip();
    if (password.isEmpty()) {
      throw new IllegalStateException(
          "The file %s has no password for user admin; write one into it, or delete it for a new one (application.admin-password-file)"
              .formatted(file));
    }
    return password;
  }
}
