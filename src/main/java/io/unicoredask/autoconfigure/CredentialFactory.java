package io.unicoredask.autoconfigure;

import io.unicoredask.cluster.site.Interned;
import io.unicoredask.cluster.site.UserAccount;
import io.unicoredask.cluster.site.UserName;
import io.unicoredask.unicore.Credential;
import io.unicoredask.unicore.OidcClient;
import io.unicoredask.unicore.OidcToken;
import io.unicoredask.unicore.SignedToken;
import io.unicoredask.unicore.SiteProxies;
import io.unicoredask.unicore.TokenFile;
import io.unicoredask.unicore.UsernamePassword;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.util.ClassUtils;

/** Makes credentials from their configuration. */
class CredentialFactory {

  private static final String TOGETHER = "username and password-file belong together";

  private final SslBundles sslBundles;
  private final SiteProxies proxies;
  private final Map<String, Credential> shared = new TreeMap<>();
  private final Map<String, Function<String, Credential>> personal = new TreeMap<>();

  /**
   * @param shared by the names that sites give them
   * @param proxies what leads to those who issue tokens
   */
  CredentialFactory(
      SslBundles sslBundles,
      SiteProxies proxies,
      Map<String, UnicoreDaskProperties.Credential> shared) {
    this.sslBundles = sslBundles;
    this.proxies = proxies;
    shared.forEach(
        (alias, properties) -> {
          String prefix = "unicore-dask.credentials." + alias;
          CredentialTemplate template = new CredentialTemplate(prefix, properties);
          if (template.isForUsers()) {
            // What is wrong with it is not to be found out by the first user.
            credential(prefix, template.of("user"));
            personal.put(
                alias,
                new Interned<String, Credential>(user -> credential(prefix, template.of(user)))
                    ::get);
          } else {
            this.shared.put(alias, credential(prefix, properties));
          }
        });
  }

  /**
   * What each of the engine's users has of their own at a site.
   *
   * @param named the properties of the site
   */
  Function<String, UserAccount> accounts(String prefix, UnicoreDaskProperties.Site named) {
    String alias = named.initiator().credential();
    String preferences =
        UserPreferences.checked(prefix + ".initiator.preferences", named.initiator().preferences());
    boolean inPreferences = preferences != null && preferences.contains(UserName.PLACEHOLDER);
    if (!isMissing(alias) && !personal.containsKey(alias) && !shared.containsKey(alias)) {
      throw unknown(prefix + ".initiator.credential", alias);
    }
    if (!inPreferences && (isMissing(alias) || !personal.containsKey(alias))) {
      throw new IllegalStateException(
          ("%1$s.identity = initiator, but all users would be the same to the site; set"
                  + " %1$s.initiator.credential to one of unicore-dask.credentials that has {user} in it, or"
                  + " %1$s.initiator.preferences to something like uid:{user}")
              .formatted(prefix));
    }
    Credential own = isMissing(alias) ? of(prefix, named) : shared.get(alias);
    Function<String, Credential> theirs = own == null ? personal.get(alias) : user -> own;
    return user ->
        new UserAccount(
            user,
            theirs.apply(user),
            inPreferences ? UserName.into(preferences, user) : preferences);
  }

  /** That of a site. */
  Credential of(String prefix, UnicoreDaskProperties.Site site) {
    String alias = site.credential();
    if (isMissing(alias)) {
      if (String.valueOf(site.username()).contains(UserName.PLACEHOLDER)
          || String.valueOf(site.passwordFile()).contains(UserName.PLACEHOLDER)) {
        throw new IllegalStateException(
            "%1$s.username or .password-file has {user} in it; put them below unicore-dask.credentials, and name that as %1$s.initiator.credential"
                .formatted(prefix));
      }
      return password(
          prefix,
          site.username(),
          site.passwordFile(),
          "every site needs username and password-file, or credential");
    }
    if (!isMissing(site.username()) || !isMissing(site.passwordFile())) {
      throw new IllegalStateException(
          "%1$s.credential and %1$s.username or .password-file are both given; give either"
              .formatted(prefix));
    }
    if (personal.containsKey(alias)) {
      throw new IllegalStateException(
          "%1$s.credential = %2$s has {user} in it; only %1$s.initiator.credential can, since the site itself has no user"
              .formatted(prefix, alias));
    }
    if (!shared.containsKey(alias)) {
      throw unknown(prefix + ".credential", alias);
    }
    return shared.get(alias);
  }

  private IllegalStateException unknown(String property, String alias) {
    Set<String> all = new TreeSet<>(shared.keySet());
    all.addAll(personal.keySet());
    return new IllegalStateException(
        "%s = %s is not one of unicore-dask.credentials; there are %s"
            .formatted(property, alias, all));
  }

  /** What proxies are shown; null if that is nothing. */
  static Credential of(UnicoreDaskProperties.Proxy proxy) {
    return isMissing(proxy.username()) && isMissing(proxy.passwordFile())
        ? null
        : password("unicore-dask.proxy", proxy.username(), proxy.passwordFile(), TOGETHER);
  }

  private Credential credential(String prefix, UnicoreDaskProperties.Credential given) {
    List<String> kinds =
        Stream.of(
                kind(given.passwordFile(), "password-file"),
                kind(given.tokenFile(), "token-file"),
                kind(given.keyFile(), "key-file"),
                kind(given.oidc(), "oidc"))
            .flatMap(List::stream)
            .toList();
    if (kinds.size() > 1) {
      throw new IllegalStateException(
          "%s: %s are given; give one of password-file, token-file, key-file and oidc"
              .formatted(prefix, String.join(" and ", kinds)));
    }
    String kind = kinds.isEmpty() ? "password-file" : kinds.get(0);
    if (!kind.equals("key-file")) {
      refuse(prefix, "passphrase-file", given.passphraseFile(), "there is no key-file");
    }
    return switch (kind) {
      case "token-file" -> {
        refuse(prefix, "username", given.username(), "the site reads it from the token");
        yield new TokenFile(given.tokenFile(), text(given.audience()));
      }
      case "key-file" -> key(prefix, given);
      case "oidc" -> {
        refuse(prefix, "username", given.username(), "the site reads it from the token");
        yield oidc(prefix + ".oidc", given.oidc(), text(given.audience()));
      }
      default -> {
        refuse(prefix, "audience", given.audience(), "a password has none");
        yield password(prefix, given.username(), given.passwordFile(), TOGETHER);
      }
    };
  }

  private static List<String> kind(Object given, String property) {
    return isMissing(given) ? List.of() : List.of(property);
  }

  private static Credential key(String prefix, UnicoreDaskProperties.Credential given) {
    needs("com.jcraft.jsch.KeyPair", prefix + ".key-file", "com.github.mwiede:jsch");
    require(prefix, "username", given.username(), "the site has to be told whose the key is");
    try {
      return new SignedToken(
          given.username(),
          given.keyFile(),
          isMissing(given.passphraseFile()) ? null : given.passphraseFile(),
          given.lifetime(),
          text(given.audience()));
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(prefix + "." + e.getMessage());
    }
  }

  private Credential oidc(String prefix, UnicoreDaskProperties.Oidc given, String audience) {
    needs(
        "org.springframework.security.oauth2.client.endpoint"
            + ".DefaultOAuth2TokenRequestParametersConverter",
        prefix,
        "org.springframework.security:spring-security-oauth2-client (6.4 or newer)");
    require(prefix, "token-uri", given.tokenUri(), "it is the provider's token endpoint");
    require(prefix, "client-id", given.clientId(), "the provider has to know who asks");
    if (isMissing(given.refreshTokenFile())) {
      require(
          prefix,
          "client-secret-file",
          given.clientSecretFile(),
          "without it, or a refresh-token-file, anybody would get a token");
    }
    if (!SecretPath.isSafe(given.tokenUri())) {
      throw new IllegalStateException(
          prefix
              + ".token-uri is not allowed; it is of the form https://host/path, http only to this very"
              + " machine: secrets are sent there");
    }
    return new OidcToken(
        new OidcClient(
            given.tokenUri(),
            given.clientId(),
            isMissing(given.clientSecretFile()) ? null : given.clientSecretFile(),
            isMissing(given.refreshTokenFile()) ? null : given.refreshTokenFile(),
            given.scopes(),
            audience,
            isMissing(given.sslBundle())
                ? null
                : sslBundles.getBundle(given.sslBundle()).createSslContext(),
            given.connectTimeout(),
            given.readTimeout(),
            proxies));
  }

  private static void needs(String type, String property, String artifact) {
    if (!ClassUtils.isPresent(type, CredentialFactory.class.getClassLoader())) {
      throw new IllegalStateException(
          "%s needs a library that is not there; add %s to the application"
              .formatted(property, artifact));
    }
  }

  private static Credential password(
      String prefix, String username, Path passwordFile, String needed) {
    require(prefix, "username", username, needed);
    require(prefix, "password-file", passwordFile, needed);
    return UsernamePassword.fromFile(username, passwordFile);
  }

  private static void require(String prefix, String property, Object value, String needed) {
    if (isMissing(value)) {
      throw new IllegalStateException("%s.%s is missing; %s".formatted(prefix, property, needed));
    }
  }

  private static void refuse(String prefix, String property, Object value, String reason) {
    if (!isMissing(value)) {
      throw new IllegalStateException(
          "%s.%s has no meaning there: %s".formatted(prefix, property, reason));
    }
  }

  private static String text(String value) {
    return isMissing(value) ? null : value;
  }

  private static boolean isMissing(Object value) {
    return value == null || value.toString().isBlank();
  }
}
