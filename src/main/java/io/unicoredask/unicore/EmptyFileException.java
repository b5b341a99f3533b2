package io.unicoredask.unicore;

import java.net.URI;

/** A file has not the range asked for: it is empty. */
final class EmptyFileException extends UnicoreException {

  private static final long serialVersionUID = 1L;

  EmptyFileException(String site, String method, URI file) {
    super(site, method, file, 416, false, "the file is empty", null);
  }
}
