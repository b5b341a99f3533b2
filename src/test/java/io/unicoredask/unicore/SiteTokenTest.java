package io.unicoredask.unicore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.unicoredask.Patience;
import io.unicoredask.localsite.LocalSite;
import io.unicoredask.localsite.LocalSiteSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A token that the site issues, in place of the credential. */
class SiteTokenTest {

  private static LocalSite site;

  @TempDir private Path directory;
  private Instant now = Instant.now();

  @BeforeAll
  static void start() throws IOException {
    site = LocalSite.start(LocalSiteSettings.builder().tls(false).build());
  }

  @AfterAll
  static void stop() {
    site.close();
  }

  @Test
  void whatTheSiteIsShownIsItsOwnTokenOnceItHasIssuedOne() throws Exception {
    List<String> shown = new ArrayList<>();
    UnicoreSite client =
        client(
            () -> {
              String basic = fromFile(site.passwordFile()).authorization();
              shown.add(basic);
              return basic;
            },
            Duration.ofMinutes(10));

    assertThat(client.info().uid()).isEqualTo("demouser");
    String authorization = client.authentication().get("Authorization");
    site.endSessions();
    client.jobs();

    assertThat(shown).hasSize(1);
    JWTClaimsSet claims =
        SignedJWT.parse(authorization.replaceFirst("^Bearer ", "")).getJWTClaimsSet();
    assertThat(claims.getIssuer()).isEqualTo("CN=UNICOREX,O=UNICORE,C=EU");
    assertThat(claims.getExpirationTime().getTime() - claims.getIssueTime().getTime())
        .isEqualTo(600_000);
  }

  @Test
  void aCredentialThatIsRefusedIsNamed() throws IOException {
    Path wrong = Files.writeString(directory.resolve("password"), "not-this-one");
    assertThatThrownBy(client(fromFile(wrong), Duration.ofMinutes(10))::info)
        .isInstanceOf(UnicoreException.class)
        .hasMessageContaining("GET %s/token?lifetime=600: HTTP 403", site.baseUrl())
        .hasMessageContaining("Check the user 'demouser' and the password file %s", wrong)
        .hasMessageNotContaining("not-this-one");
  }

  @Test
  void aCredentialThatTheSiteDoesNotKnowGetsUsATokenForNobody() throws IOException {
    Path unknown = Files.writeString(directory.resolve("token"), "unknown");
    assertThatThrownBy(client(new TokenFile(unknown, null), Duration.ofMinutes(10))::info)
        .isInstanceOf(UnicoreException.class)
        .hasMessageContaining("the site takes us for anonymous. Check the token in %s", unknown);
  }

  @Test
  void aLifetimeThatTheSiteDoesNotGrantIsSaidInItsWords() {
    assertThatThrownBy(client(fromFile(site.passwordFile()), Duration.ofDays(100_000))::info)
        .hasMessageContaining("Requested token lifetime is longer than");
  }

  @Test
  void itIsRenewedBeforeItExpiresWhateverTheSiteHasGranted() {
    SigningKey key = SigningKey.ec(256, JWSAlgorithm.ES256);
    List<Long> asked = new ArrayList<>();
    SiteToken token =
        new SiteToken(
            () -> "Basic x",
            seconds -> {
              asked.add(seconds);
              return (key.token(
                          new JWTClaimsSet.Builder()
                              .subject("CN=Demo User")
                              .jwtID(String.valueOf(asked.size()))
                              .expirationTime(Date.from(now.plusSeconds(100)))
                              .build())
                      + "\n")
                  .getBytes();
            },
            Duration.ofHours(1),
            () -> now);
    String first = token.authorization();
    now = now.plusSeconds(70);
    assertThat(token.authorization()).isEqualTo(first);
    now = now.plusSeconds(10);
    assertThat(token.authorization()).isNotEqualTo(first);
    assertThat(asked).containsExactly(3600L, 3600L);
  }

  @Test
  void whatIsNoTokenIsNotUsed() {
    SiteToken token =
        new SiteToken(() -> "Basic x", s -> "a\nX: b".getBytes(), Duration.ofMinutes(1), () -> now);
    assertThatThrownBy(token::authorization)
        .isInstanceOf(CredentialException.class)
        .hasMessageContaining("what the site issues is no token");
  }

  private static Credential fromFile(Path password) {
    return UsernamePassword.fromFile("demouser", password);
  }

  private static UnicoreSite client(Credential credential, Duration lifetime) {
    return UnicoreSites.connect(
        new SiteSettings(
            "local",
            site.baseUrl(),
            credential,
            null,
            Patience.LIMIT,
            Duration.ofSeconds(30),
            null,
            SiteProxies.ofJava(null),
            lifetime));
  }
}
