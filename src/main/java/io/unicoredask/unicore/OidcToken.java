package io.unicoredask.unicore;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2RefreshTokenGrantRequest;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;
import org.springframework.web.client.RestClientException;

/**
 * Access tokens of an OIDC provider, sent as bearer tokens and renewed before they expire: for
 * ourselves (client credentials), or for somebody who has let us have a refresh token. It needs
 * Spring Security's OAuth2 client.
 */
public final class OidcToken implements Credential {

  /** What asking again does not mend. */
  private static final Set<String> FOR_GOOD =
      Set.of(
          "invalid_client",
          "invalid_grant",
          "invalid_request",
          "invalid_scope",
          "invalid_target",
          "unauthorized_client",
          "unsupported_grant_type",
          OidcRequests.http(401));

  /** Spring wants one, though it is not sent. */
  private static final OAuth2AccessToken OVER =
      new OAuth2AccessToken(
          OAuth2AccessToken.TokenType.BEARER, "none", Instant.EPOCH, Instant.EPOCH.plusSeconds(1));

  private final OidcClient client;
  private final SecretFile secret;
  private final RefreshTokenFile refresh;
  private final OidcRequests requests;
  private final InstantSource clock;
  private final KeptToken token;

  /** Asks for nothing yet. */
  public OidcToken(OidcClient client) {
    this(client, InstantSource.system());
  }

  OidcToken(OidcClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
    this.secret =
        client.clientSecretFile() == null
            ? null
            : new SecretFile("client secret", client.clientSecretFile());
    this.refresh =
        client.refreshTokenFile() == null ? null : new RefreshTokenFile(client.refreshTokenFile());
    this.requests = new OidcRequests(client);
    this.token = new KeptToken("The token of " + client.tokenUri(), this::issued, clock);
  }

  private KeptToken.Issued issued() {
    OAuth2AccessTokenResponse answer;
    try {
      answer = answer();
    } catch (OAuth2AuthorizationException e) {
      throw refused(e.getError().getErrorCode());
    } catch (RestClientException e) {
      throw away(OidcRequests.words(e));
    }
    if (refresh != null && answer.getRefreshToken() != null) {
      refresh.replace(answer.getRefreshToken().getTokenValue());
    }
    OAuth2AccessToken access = answer.getAccessToken();
    String value = access.getTokenValue();
    if (!TokenFile.isToken(value)) {
      throw new CredentialException(provider() + " gives something that is no token");
    }
    Claims.of(value)
        .objection(clock.instant(), client.audience())
        .ifPresent(
            objection -> {
              throw new CredentialException(
                  "the token that %s gives %s; check the client's audience there, and this machine's clock"
                      .formatted(provider(), objection));
            });
    return new KeptToken.Issued(value, access.getExpiresAt());
  }

  private OAuth2AccessTokenResponse answer() {
    if (refresh == null) {
      return requests.ask(
          new OAuth2ClientCredentialsGrantRequest(
              registration(AuthorizationGrantType.CLIENT_CREDENTIALS)));
    }
    return requests.ask(
        new OAuth2RefreshTokenGrantRequest(
            registration(AuthorizationGrantType.REFRESH_TOKEN),
            OVER,
            new OAuth2RefreshToken(refresh.read(), null),
            Set.copyOf(client.scopes())));
  }

  /** Made anew each time, as the secret may have changed. */
  private ClientRegistration registration(AuthorizationGrantType grant) {
    return ClientRegistration.withRegistrationId("unicore-dask")
        .authorizationGrantType(grant)
        .tokenUri(client.tokenUri().toString())
        .clientId(client.clientId())
        .clientSecret(secret == null ? null : secret.read())
        .clientAuthenticationMethod(
            secret == null
                ? ClientAuthenticationMethod.NONE
                : ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
        .scope(client.scopes())
        .build();
  }

  /** The provider's own words may hold anything; of its codes, those that are known do not. */
  private CredentialException refused(String code) {
    if (FOR_GOOD.contains(code)) {
      return new CredentialException(
          "%s gives no token (%s); check %s".formatted(provider(), code, remedy(code)));
    }
    return away(code.matches("HTTP \\d{3}") ? code : "it refuses");
  }

  private CredentialException away(String why) {
    return CredentialException.passing(
        "%s gives no token now (%s); see whether it is up, and check its URL and the certificate that it shows, or try again later"
            .formatted(provider(), why));
  }

  private String remedy(String code) {
    return switch (code) {
      case "invalid_client", "unauthorized_client", "HTTP 401" ->
          "the client-id '%s'%s, and what the client may do there"
              .formatted(client.clientId(), secret == null ? "" : " and " + secret);
      case "invalid_grant" ->
          refresh == null
              ? "what the client may do there"
              : "%s: it may have expired, or somebody else has used it".formatted(refresh);
      default -> "the scopes " + client.scopes();
    };
  }

  private String provider() {
    return "the OIDC provider at " + client.tokenUri();
  }

  @Override
  public String authorization() {
    return "Bearer " + token.value();
  }

  /** Asks no provider: a refresh token that is there may be good. */
  @Override
  public Object state() {
    if (secret != null) {
      secret.read();
    }
    if (refresh != null) {
      refresh.require();
    }
    return client;
  }

  @Override
  public String hint() {
    return "the client '%s' of %s, and whether the site trusts that provider"
        .formatted(client.clientId(), provider());
  }

  @Override
  public boolean renew() {
    return token.forget();
  }

  /** Provider and client; never a secret or token. */
  @Override
  public String toString() {
    return "OidcToken[tokenUri=%s, clientId=%s]".formatted(client.tokenUri(), client.clientId());
  }
}
