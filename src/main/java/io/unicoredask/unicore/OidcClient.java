package io.unicoredask.unicore;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * What we are to an OIDC provider.
 *
 * @param tokenUri its token endpoint
 * @param clientId the name that it knows us by
 * @param clientSecretFile a file that holds nothing but the client's secret; null if it has none
 * @param refreshTokenFile a file that holds nothing but a refresh token, in whose place newer ones
 *     are put; null if we ask in our own name (client credentials)
 * @param scopes what is asked for; empty for what the provider gives by itself
 * @param audience whom the tokens have to be for (their claim {@code aud}); null for anybody
 * @param ssl whom to trust; null for the JDK's default
 * @param connectTimeout how long a connection may take
 * @param readTimeout how long an answer may take
 * @param proxies which proxy leads there
 */
public record OidcClient(
    URI tokenUri,
    String clientId,
    Path clientSecretFile,
    Path refreshTokenFile,
    List<String> scopes,
    String audience,
    SSLContext ssl,
    Duration connectTimeout,
    Duration readTimeout,
    SiteProxies proxies) {

  /** Takes copies. */
  public OidcClient {
    scopes = List.copyOf(scopes);
  }
}
