package io.unicoredask.cluster.keeper;

import java.net.URLConnection;
import java.util.Objects;

/**
 * A file that a script wrote.
 *
 * @param name its name, without directories
 * @param content its bytes
 */
public record ResultFile(String name, byte[] content) {

  /** What its name says it is, {@code application/octet-stream} if that is nothing known. */
  public String contentType() {
    return Objects.requireNonNullElse(
        URLConnection.guessContentTypeFromName(name), "application/octet-stream");
  }
}
