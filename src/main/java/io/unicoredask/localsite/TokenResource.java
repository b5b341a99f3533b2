package io.unicoredask.localsite;

import java.time.Duration;
import java.time.Instant;

/** {@code token}: credentials for a while. */
final class TokenResource implements Resource {
  private static final long DEFAULT_SECONDS = 300;

  private final Tokens tokens;
  private final Instant certificateEnd;

  TokenResource(Tokens tokens, Instant certificateEnd) {
    this.tokens = tokens;
    this.certificateEnd = certificateEnd;
  }

  @Override
  public Answer answer(Request request) {
    if (!request.is("GET", 1)) {
      throw Resource.notAllowed();
    }
    request.accepted("text/plain");
    if (!request.caller().mayRenew()) {
      throw new HttpProblem(
          Answer.error(
              403,
              "Error creating token: eu.unicore.security.AuthenticationException: Cannot create"
                  + " token when authenticating with a non-renewable token!"));
    }
    long lifetime = lifetime(request.query().get("lifetime"));
    if (lifetime > Duration.between(Instant.now(), certificateEnd).toSeconds()) {
      throw new HttpProblem(
          Answer.error(
              400,
              "Requested token lifetime is longer than the remaining server certificate"
                  + " validity."));
    }
    return Answer.text(
        "text/plain",
        tokens.issue(
            request.caller(),
            lifetime,
            Boolean.parseBoolean(request.query().get("renewable")),
            Boolean.parseBoolean(request.query().get("limited"))));
  }

  private static long lifetime(String text) {
    try {
      long seconds = text == null ? 0 : Long.parseLong(text);
      return seconds > 0 ? seconds : DEFAULT_SECONDS;
    } catch (NumberFormatException e) {
      throw HttpProblem.notFound();
    }
  }
}
