package io.unicoredask.unicore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A refresh token in a file. A provider may replace it each time that it is used; then the new one
 * is put in the file's place.
 */
final class RefreshTokenFile {

  private static final Logger LOG = LoggerFactory.getLogger(RefreshTokenFile.class);

  private final SecretFile file;
  private String seen;
  private String newest;

  RefreshTokenFile(Path file) {
    this.file = new SecretFile("refresh token", file);
  }

  /** The newest: that of the file, if somebody has written one there since. */
  String read() {
    String now = newest == null ? file.read() : readOr(seen);
    if (!now.equals(seen)) {
      seen = now;
      newest = now;
    }
    return newest;
  }

  /**
   * Sees to it that there is one in the file.
   *
   * @throws CredentialException if there is none
   */
  void require() {
    file.read();
  }

  /** One that is known goes on being good, whatever becomes of the file. */
  private String readOr(String known) {
    try {
      return file.read();
    } catch (CredentialException e) {
      return known;
    }
  }

  /** Keeps the one that the provider gave in the place of that which was used. */
  void replace(String next) {
    if (next.equals(newest)) {
      return;
    }
    newest = next;
    try {
      write(next);
      seen = next;
    } catch (IOException | UnsupportedOperationException e) {
      LOG.warn(
          "The provider has replaced the refresh token, but {} cannot be written ({}): after the next"
              + " start of the application there is none that is good. Let it write there, or have the"
              + " provider keep refresh tokens",
          file,
          e.getClass().getSimpleName());
    }
  }

  /** As a whole or not at all, and for us only. */
  private void write(String token) throws IOException {
    Path target = file.file().toRealPath();
    Path next = Files.createTempFile(target.getParent(), ".refresh-token", ".tmp");
    try {
      Files.writeString(next, token + "\n");
      Files.move(next, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(next);
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
