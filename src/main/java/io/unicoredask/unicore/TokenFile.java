package io.unicoredask.unicore;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.regex.Pattern;

/**
 * A token in a file that another program renews, sent as a bearer token. A JWT that has expired, or
 * is for somebody else, is not sent.
 */
public final class TokenFile implements Credential {

  /** What RFC 6750 allows; anything else could become a header of its own. */
  private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

  private final SecretFile file;
  private final String audience;
  private final InstantSource clock;

  /**
   * @param file holds nothing but the token; read at every use
   * @param audience whom the token has to be for (its claim {@code aud}); null for anybody
   */
  public TokenFile(Path file, String audience) {
    this(file, audience, InstantSource.system());
  }

  TokenFile(Path file, String audience, InstantSource clock) {
    this.file = new SecretFile("token", file);
    this.audience = audience;
    this.clock = clock;
  }

  static boolean isToken(String text) {
    return LEGAL.matcher(text).matches();
  }

  @Override
  public String authorization() {
    String token = file.read().strip();
    if (!isToken(token)) {
      throw new CredentialException(
          file + " holds no token, which is one word; put the token in it and nothing else");
    }
    Claims.of(token)
        .objection(clock.instant(), audience)
        .ifPresent(
            objection -> {
              throw new CredentialException(
                  "the token in %s %s; see whether the program that renews it runs, and what it asks for"
                      .formatted(file.file(), objection));
            });
    return "Bearer " + token;
  }

  @Override
  public String hint() {
    try {
      return "the token in %s%s".formatted(file.file(), Claims.of(file.read()).words());
    } catch (CredentialException e) {
      return "the token in " + file.file();
    }
  }

  /** The file; never the token. */
  @Override
  public String toString() {
    return "TokenFile[file=%s]".formatted(file.file());
  }
}
