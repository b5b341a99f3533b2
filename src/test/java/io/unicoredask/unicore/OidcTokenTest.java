package io.unicoredask.unicore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.unicoredask.OidcProvider;
import io.unicoredask.Patience;
import io.unicoredask.localsite.LocalSite;
import io.unicoredask.localsite.LocalSiteSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Tokens of an OIDC provider. */
@ExtendWith(OutputCaptureExtension.class)
class OidcTokenTest {

  private static final String SECRET = "the client's: secret & ü";

  private final OidcProvider provider = new OidcProvider(SECRET);
  private Instant now = Instant.now();

  @TempDir private Path directory;
  private Path secret;
  private Path refresh;

  @BeforeEach
  void write() throws IOException {
    secret = Files.writeString(directory.resolve("secret"), SECRET + "\n");
    refresh = directory.resolve("refresh");
    provider.clock = () -> now;
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  @Test
  void aSiteThatTrustsTheProviderKnowsUs() throws IOException {
    try (LocalSite site = LocalSite.start(LocalSiteSettings.builder().tls(false).build())) {
      site.askAboutTokens(provider.userInfo());
      assertThat(TokenFileTest.client(site, ours()).info().uid()).isEqualTo("demouser");
      Files.writeString(refresh, provider.refreshToken("demouser"));
      assertThat(TokenFileTest.client(site, theirs()).info().uid()).isEqualTo("demouser");

      try (OidcProvider another = new OidcProvider(SECRET)) {
        site.askAboutTokens(another.userInfo());
        site.endSessions();
        assertThat(
                catchThrowableOfType(
                    UnicoreException.class, TokenFileTest.client(site, ours())::info))
            .hasMessageContaining("HTTP 403")
            .hasMessageContaining(
                "Check the client '%s' of the OIDC provider at %s",
                OidcProvider.CLIENT, provider.tokenUri());
      }
    }
  }

  @Test
  void aTokenIsAskedForOnceAndRenewedBeforeItExpires() {
    OidcToken credential = ours();
    String first = credential.authorization();
    assertThat(credential.authorization()).isEqualTo(first);
    now = now.plusSeconds(230);
    assertThat(credential.authorization()).isNotEqualTo(first).startsWith("Bearer ");
    assertThat(provider.requests())
        .containsOnly(Map.of("grant_type", "client_credentials", "scope", "unicore openid"))
        .hasSize(2);
  }

  @Test
  void oneThatASiteRefusesIsAskedForAnewButNotAgainAndAgain() {
    OidcToken credential = ours();
    String first = credential.authorization();
    assertThat(credential.renew()).isFalse();
    now = now.plusSeconds(11);
    assertThat(credential.renew()).isTrue();
    assertThat(credential.authorization()).isNotEqualTo(first);
  }

  @Test
  void aChangedSecretIsUsedFromThenOn() throws IOException {
    OidcToken credential = ours();
    Files.writeString(secret, "wrong");
    assertThat(failure(credential)).hasMessageContaining("invalid_client");
    Files.writeString(secret, SECRET);
    assertThat(credential.authorization()).startsWith("Bearer ");
  }

  @Test
  void aRefreshTokenThatTheProviderReplacesIsReplacedInItsFileForUsOnly() throws IOException {
    String old = provider.refreshToken("demouser");
    Files.writeString(refresh, old + "\n");
    theirs().authorization();
    String next = Files.readString(refresh).strip();
    assertThat(next).isNotEqualTo(old).isIn(provider.issued());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(refresh)))
        .isEqualTo("rw-------");
    assertThat(directory).isDirectoryNotContaining("glob:**.tmp");
    // As after the next start.
    theirs().authorization();
  }

  @Test
  void aFileThatCannotBeWrittenIsSaidAndTheNewRefreshTokenUsedAllTheSame(CapturedOutput log)
      throws IOException {
    String old = provider.refreshToken("demouser");
    Files.writeString(refresh, old);
    OidcToken credential = theirs();
    credential.authorization();
    // A file cannot take the place of a directory; root may write everywhere else.
    Files.delete(refresh);
    Files.createDirectory(refresh);
    Files.createFile(refresh.resolve("in the way"));
    now = now.plusSeconds(240);
    credential.authorization();
    assertThat(log)
        .contains("the refresh token file " + refresh + " cannot be written")
        .doesNotContain(old);
    now = now.plusSeconds(240);
    credential.authorization();
  }

  @Test
  void aRefreshTokenThatSomebodyWritesThereIsTheNewest() throws IOException {
    Files.writeString(refresh, provider.refreshToken("demouser"));
    OidcToken credential = theirs();
    credential.authorization();
    String used = "used before";
    Files.writeString(refresh, used);
    now = now.plusSeconds(400);
    assertThat(failure(credential)).hasMessageContaining("invalid_grant");
    Files.writeString(refresh, provider.refreshToken("demouser"));
    assertThat(credential.authorization()).startsWith("Bearer ");
  }

  @Test
  void aClientWithoutASecretIsNamedInstead() throws IOException {
    try (OidcProvider open = new OidcProvider(null)) {
      Files.writeString(refresh, open.refreshToken("demouser"));
      new OidcToken(client(open.tokenUri(), null, refresh, null), () -> now).authorization();
      assertThat(open.requests().get(0)).containsEntry("client_id", OidcProvider.CLIENT);
    }
  }

  @Test
  void aWrongSecretIsNamedAndNotShown() throws IOException {
    Files.writeString(secret, "wrong secret");
    assertThat(failure(ours()))
        .hasMessage(
            "the OIDC provider at %s gives no token (invalid_client); check the client-id 'a client'"
                    .formatted(provider.tokenUri())
                + " and the client secret file %s, and what the client may do there"
                    .formatted(secret))
        .hasNoCause()
        .returns(false, CredentialException::isRetryable);
  }

  @Test
  void whatIsSentIsNotLogged() throws IOException {
    Logger spring = (Logger) LoggerFactory.getLogger("org.springframework");
    Level level = spring.getLevel();
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    spring.addAppender(log);
    spring.setLevel(Level.TRACE);
    try {
      String token = provider.refreshToken("demouser");
      Files.writeString(refresh, token);
      theirs().authorization();
      Files.writeString(secret, "wrong secret");
      failure(ours());

      assertThat(log.list)
          .extracting(ILoggingEvent::getFormattedMessage)
          .anyMatch(line -> line.startsWith("Writing ["))
          .noneMatch(line -> line.contains(token) || line.contains(SECRET));
    } finally {
      spring.detachAppender(log);
      spring.setLevel(level);
    }
  }

  @Test
  void aRefreshTokenThatIsOverIsNamedAndNotShown() throws IOException {
    Files.writeString(refresh, "used-before");
    assertThat(failure(theirs()))
        .hasMessageContaining("gives no token (invalid_grant); check the refresh token file")
        .hasMessageContaining(refresh.toString())
        .hasMessageNotContaining("used-before")
        .hasNoCause();
  }

  @Test
  void aTokenForSomebodyElseIsNotSent() {
    provider.audience = "another";
    assertThat(failure(new OidcToken(client(provider.tokenUri(), secret, null, "site"), () -> now)))
        .hasMessageContaining(
            "the token that the OIDC provider at %s gives is for another, and not for the audience 'site'",
            provider.tokenUri())
        .hasMessageNotContainingAny(provider.issued().toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          503 | <html>down</html>
          500 | {"error": "server_error"}
          429 | {"error": "slow_down"}
          200 | no JSON
          200 | {}
          302 | {}
          400 | {}
          404 | <html>nothing here</html>
          """)
  void aProviderThatFailsMayBeAskedLater(int status, String body) {
    provider.instead = new OidcProvider.Answer(status, body);
    assertThat(failure(ours()))
        .hasMessageContaining("the OIDC provider at %s gives no token now", provider.tokenUri())
        .hasNoCause()
        .returns(true, CredentialException::isRetryable);
  }

  @Test
  void aRefusalWithoutAReasonIsTheClients() {
    provider.instead = new OidcProvider.Answer(401, "");
    assertThat(failure(ours()))
        .hasMessageContaining("gives no token (HTTP 401); check the client-id 'a client'")
        .returns(false, CredentialException::isRetryable);
  }

  @Test
  void aProviderThatIsAwayMayBeAskedLater() {
    provider.close();
    assertThat(failure(ours()))
        .hasMessageContaining("gives no token now (")
        .hasMessageContaining("ConnectException")
        .returns(true, CredentialException::isRetryable);
  }

  @Test
  void whatIsNoTokenIsNotSent() {
    provider.instead =
        new OidcProvider.Answer(
            200,
            "{\"access_token\": \"a\\nX: b\", \"token_type\": \"Bearer\", \"expires_in\": 60}");
    assertThat(failure(ours())).hasMessageContaining("gives something that is no token");
  }

  @Test
  void onlyProviderAndClientAreShown() {
    OidcToken credential = ours();
    String token = credential.authorization().replace("Bearer ", "");
    assertThat(Stream.of(credential.toString(), credential.hint()))
        .allSatisfy(
            text ->
                assertThat(text)
                    .contains(provider.tokenUri().toString(), OidcProvider.CLIENT)
                    .doesNotContain(token, SECRET));
  }

  private static CredentialException failure(OidcToken credential) {
    CredentialException failure =
        catchThrowableOfType(CredentialException.class, credential::authorization);
    assertThat(failure).hasMessageNotContainingAny(SECRET, "Basic ");
    return failure;
  }

  private OidcToken ours() {
    return new OidcToken(client(provider.tokenUri(), secret, null, null), () -> now);
  }

  private OidcToken theirs() {
    return new OidcToken(client(provider.tokenUri(), secret, refresh, null), () -> now);
  }

  private static OidcClient client(URI uri, Path secret, Path refresh, String audience) {
    return new OidcClient(
        uri,
        OidcProvider.CLIENT,
        secret,
        refresh,
        List.of("unicore", "openid"),
        audience,
        null,
        Patience.LIMIT,
        Duration.ofSeconds(30),
        SiteProxies.ofJava(null));
  }
}
