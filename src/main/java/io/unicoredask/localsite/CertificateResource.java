package io.unicoredask.localsite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code certificate}: the site's certificate in PEM. */
final class CertificateResource implements Resource {
  private final Path file;

  CertificateResource(Path file) {
    this.file = file;
  }

  @Override
  public Answer answer(Request request) {
    if (!request.is("GET", 1)) {
      throw Resource.notAllowed();
    }
    request.accepted("text/plain");
    try {
      return Answer.text("text/plain", Files.readString(file));
    } catch (IOException e) {
      throw HttpProblem.serverError("Could not read the certificate: " + e);
    }
  }
}
