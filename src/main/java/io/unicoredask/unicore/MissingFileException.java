package io.unicoredask.unicore;

import java.net.URI;

/** A storage has no such file, or shows it not to us. */
final class MissingFileException extends UnicoreException {

  private static final long serialVersionUID = 1L;

  MissingFileException(String site, String method, URI file) {
    super(site, method, file, 404, false, "there is no such file", null);
  }
}
