package io.unicoredask.autoconfigure;

import io.unicoredask.cluster.site.UserName;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The configuration of a credential, which may have {@code {user}} in it. */
class CredentialTemplate {

  private final UnicoreDaskProperties.Credential given;

  /**
   * @throws IllegalStateException if it has one where none can be
   */
  CredentialTemplate(String prefix, UnicoreDaskProperties.Credential given) {
    this.given = given;
    UnicoreDaskProperties.Oidc oidc = given.oidc();
    refuse(prefix, "audience", given.audience());
    if (oidc != null) {
      refuse(prefix, "oidc.token-uri", oidc.tokenUri());
      refuse(prefix, "oidc.client-id", oidc.clientId());
      refuse(prefix, "oidc.client-secret-file", oidc.clientSecretFile());
    }
  }

  private static void refuse(String prefix, String property, Object value) {
    if (hasUser(value)) {
      throw new IllegalStateException(
          "%s.%s cannot have {user} in it; username can, and the paths of the other files can"
              .formatted(prefix, property));
    }
  }

  /** Whether it is another one for each user. */
  boolean isForUsers() {
    return Stream.of(
            given.username(),
            given.passwordFile(),
            given.tokenFile(),
            given.keyFile(),
            given.passphraseFile(),
            given.oidc() == null ? null : given.oidc().refreshTokenFile())
        .anyMatch(CredentialTemplate::hasUser);
  }

  private static boolean hasUser(Object value) {
    return value != null && value.toString().contains(UserName.PLACEHOLDER);
  }

  /** That of a user. */
  UnicoreDaskProperties.Credential of(String user) {
    UnicoreDaskProperties.Oidc oidc = given.oidc();
    return new UnicoreDaskProperties.Credential(
        given.username() == null ? null : UserName.into(given.username(), user),
        file(given.passwordFile(), user),
        file(given.tokenFile(), user),
        file(given.keyFile(), user),
        file(given.passphraseFile(), user),
        given.lifetime(),
        given.audience(),
        oidc == null
            ? null
            : new UnicoreDaskProperties.Oidc(
                oidc.tokenUri(),
                oidc.clientId(),
                oidc.clientSecretFile(),
                file(oidc.refreshTokenFile(), user),
                oidc.scopes(),
                oidc.sslBundle(),
                oidc.connectTimeout(),
                oidc.readTimeout()));
  }

  private static Path file(Path path, String user) {
    return path == null ? null : Path.of(UserName.into(path.toString(), user));
  }
}
