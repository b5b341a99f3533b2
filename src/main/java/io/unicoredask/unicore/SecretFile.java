package io.unicoredask.unicore;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that holds a secret and nothing else. It is read at every use, so that what somebody else
 * writes there is used from then on.
 *
 * @param what the secret, in the words of messages: {@code password} for instance
 */
record SecretFile(String what, Path file) {

  private static final int MOST_BYTES = 64 * 1024;

  /**
   * The secret, without the newlines at the file's end and a byte order mark at its beginning.
   *
   * @throws CredentialException if there is none, or no UTF-8 text
   */
  String read() {
    String secret;
    try {
      // A decoder of its own: one that fails must not replace what it cannot read.
      secret =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes()))
              .toString()
              .replaceAll("^\uFEFF|[\r\n]+$", "");
    } catch (IOException e) {
      throw unreadable("as UTF-8 text", e);
    }
    if (secret.isEmpty()) {
      // Whoever writes it may be about to.
      throw CredentialException.passing("%s is empty; put the %s in it".formatted(this, what));
    }
    return secret;
  }

  /**
   * All that is in it.
   *
   * @throws CredentialException if it cannot be read or is far too long for a secret
   */
  byte[] content() {
    try {
      return bytes();
    } catch (IOException e) {
      throw unreadable("", e);
    }
  }

  private byte[] bytes() throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(MOST_BYTES + 1);
      if (content.length > MOST_BYTES) {
        throw new CredentialException(
            "%s is longer than %d bytes, which no %s is; check the path"
                .formatted(this, MOST_BYTES, what));
      }
      return content;
    }
  }

  private CredentialException unreadable(String how, IOException e) {
    return new CredentialException(
        "%s cannot be read%s (%s); check the path and its permissions"
            .formatted(this, how.isEmpty() ? "" : " " + how, e.getClass().getSimpleName()));
  }

  @Override
  public String toString() {
    return "the %s file %s".formatted(what, file);
  }
}
