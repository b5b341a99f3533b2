package io.unicoredask.application;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Base64;

/** The password of the user admin: what its file says, or a new one that is put there. */
class AdminPassword {

  private static final int BYTES = 18;

  private AdminPassword() {}

  static synchronized String in(Path file) {
    try {
      if (Files.exists(file)) {
        return given(file);
      }
      byte[] secret = new byte[BYTES];
      new SecureRandom().nextBytes(secret);
      String password = Base64.getUrlEncoder().encodeToString(secret);
      PrivateFiles.makeDirectory(file.toAbsolutePath().getParent());
      PrivateFiles.makeFile(file);
      Files.writeString(file, password + "\n", StandardOpenOption.WRITE);
      return password;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The file %s with the password of user admin cannot be used; see application.admin-password-file"
              .formatted(file),
          e);
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
