package io.unicoredask.unicore;

import java.net.URI;

/** A file has fewer bytes than were asked for from its end. UNICORE takes that for an error. */
final class ShortFileException extends UnicoreException {

  private static final long serialVersionUID = 1L;

  ShortFileException(String site, String method, URI file) {
    super(site, method, file, 416, false, "the file is shorter than the range asked for", null);
  }
}
