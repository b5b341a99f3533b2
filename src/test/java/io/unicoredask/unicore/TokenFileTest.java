package io.unicoredask.unicore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import io.unicoredask.Patience;
import io.unicoredask.localsite.LocalSite;
import io.unicoredask.localsite.LocalSiteSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A token that another program renews. */
class TokenFileTest {

  private static final SigningKey ISSUER = SigningKey.ec(256, JWSAlgorithm.ES256);
  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

  @TempDir private Path directory;

  private Path file() {
    return directory.resolve("token");
  }

  private TokenFile credential(String audience) {
    return new TokenFile(file(), audience, () -> NOW);
  }

  @Test
  void theTokenIsReadAtEveryUse() throws IOException {
    Files.writeString(file(), "an-opaque.token_1==\n");
    TokenFile credential = credential(null);
    assertThat(credential.authorization()).isEqualTo("Bearer an-opaque.token_1==");
    Files.writeString(file(), "the-next\r\n");
    assertThat(credential.authorization()).isEqualTo("Bearer the-next");
  }

  @Test
  void aSiteTakesTheOneThatIsThereNow() throws Exception {
    try (LocalSite site =
        LocalSite.start(LocalSiteSettings.builder().tls(false).user("ada").user("bob").build())) {
      UnicoreSite client = client(site, new TokenFile(file(), null));
      Files.writeString(file(), issued(site, "ada"));
      assertThat(client.info().uid()).isEqualTo("ada");

      Files.writeString(file(), issued(site, "bob"));
      site.endSessions();
      assertThat(client.info().uid()).isEqualTo("bob");

      Files.writeString(file(), ISSUER.token("CN=ada,O=UNICORE,C=EU"));
      site.endSessions();
      assertThatThrownBy(client::info)
          .hasMessageContaining("HTTP 403, refused. Check the token in " + file());

      Files.writeString(file(), "unknown");
      site.endSessions();
      assertThatThrownBy(client::info)
          .hasMessageContaining("takes us for anonymous. Check the token in " + file())
          .hasMessageNotContaining("unknown");
    }
  }

  @Test
  void oneThatHasExpiredIsNotSent() throws IOException {
    String token = token(NOW.minusSeconds(61), null);
    Files.writeString(file(), token);
    assertThatThrownBy(credential(null)::authorization)
        .isInstanceOf(CredentialException.class)
        .hasMessageContaining("the token in %s has expired at 2026-11-27T11:58:59Z", file())
        .hasMessageContaining("the program that renews it")
        .hasMessageNotContainingAny(token.split("\\."));
  }

  @Test
  void clocksMayDifferByAMinute() throws IOException {
    Files.writeString(file(), token(NOW.minusSeconds(59), null));
    assertThat(credential(null).authorization()).startsWith("Bearer ");
  }

  @Test
  void oneForSomebodyElseIsNotSent() throws IOException {
    String token = token(NOW.plusSeconds(60), "another\nsite");
    Files.writeString(file(), token);
    assertThatThrownBy(credential("this-site")::authorization)
        .isInstanceOf(CredentialException.class)
        .hasMessageContaining(
            "the token in %s is for another site, and not for the audience 'this-site'", file())
        .hasMessageNotContainingAny(token.split("\\."));
    assertThat(credential("another\nsite").authorization()).isEqualTo("Bearer " + token);
    assertThat(credential(null).authorization()).isEqualTo("Bearer " + token);
  }

  @Test
  void oneThatDoesNotSayWhomItIsForIsNotSentIfItHasTo() throws IOException {
    for (String token : new String[] {"opaque", token(NOW.plusSeconds(60), null)}) {
      Files.writeString(file(), token);
      assertThatThrownBy(credential("this-site")::authorization)
          .hasMessageContaining("is for nobody in particular");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"two words", "a\nX-Header: b", "{\"access_token\": \"x\"}", "tök"})
  void whatIsNoTokenIsNotSentAndNotShown(String content) throws IOException {
    Files.writeString(file(), content);
    assertThatThrownBy(credential(null)::authorization)
        .isInstanceOf(CredentialException.class)
        .hasMessage(
            "the token file %s holds no token, which is one word; put the token in it and nothing"
                    .formatted(file())
                + " else");
  }

  @Test
  void anEmptyFileMayBeAboutToBeWritten() throws IOException {
    Files.writeString(file(), "\n");
    assertThat(catchThrowableOfType(CredentialException.class, credential(null)::authorization))
        .hasMessageContaining("the token file " + file() + " is empty")
        .returns(true, CredentialException::isRetryable);
  }

  @Test
  void aMissingFileHasToBePutThere() {
    assertThat(catchThrowableOfType(CredentialException.class, credential(null)::authorization))
        .hasMessageContaining("the token file " + file() + " cannot be read")
        .hasNoCause()
        .returns(false, CredentialException::isRetryable);
  }

  @Test
  void aFileThatIsNoSecretIsNotReadToItsEnd() {
    assertThatThrownBy(new TokenFile(Path.of("/dev/zero"), null)::authorization)
        .hasMessageContaining("is longer than 65536 bytes");
  }

  @Test
  void onlyTheFileIsShown() throws IOException {
    Files.writeString(file(), "a-secret");
    assertThat(credential(null)).hasToString("TokenFile[file=" + file() + "]");
    assertThat(credential(null).hint()).isEqualTo("the token in " + file());
    Files.writeString(file(), token(NOW, "x"));
    assertThat(credential(null).hint())
        .isEqualTo("the token in %s, for x, until 2026-11-27T12:00:00Z", file());
  }

  private static String token(Instant end, String audience) {
    return ISSUER.token(
        new JWTClaimsSet.Builder().expirationTime(Date.from(end)).audience(audience).build());
  }

  static UnicoreSite client(LocalSite site, Credential credential) {
    return UnicoreSites.connect(
        new SiteSettings(
            "local",
            site.baseUrl(),
            credential,
            null,
            Patience.LIMIT,
            Duration.ofSeconds(30),
            null));
  }

  /** A token of the site's own, as another program would get it. */
  static String issued(LocalSite site, String user) throws Exception {
    String pair = user + ":" + Files.readString(site.passwordFile(user));
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(site.baseUrl() + "/token"))
                .header("Accept", "text/plain")
                .header(
                    "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes()))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
