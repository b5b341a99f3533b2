package io.unicoredask.unicore;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens come from the site and are for us. */
class TokenCheckTest {

  @RegisterExtension static final RecordedSite site = new RecordedSite();

  /** As the site writes it in tokens: elsewhere it has blanks. */
  private static final String US = "CN=Demo User,O=UNICORE,C=EU";

  private static final String CERTIFICATE = "/DEMO-SITE/rest/core/certificate";
  private static final SigningKey KEY = SigningKey.rsa(JWSAlgorithm.RS256);
  private static final SigningKey ANOTHER = SigningKey.rsa(JWSAlgorithm.RS256);

  private final AtomicLong nanoTime = new AtomicLong();
  private final TokenCheck check = new TokenCheck(site.client(), nanoTime::get);

  @BeforeEach
  void theSiteSaysWhoWeAreAndWhatItsKeyIs() {
    site.answers("01-base");
    certificate(KEY);
  }

  private static void certificate(SigningKey key) {
    site.server()
        .stubFor(
            get(urlPathEqualTo(CERTIFICATE))
                .willReturn(
                    aResponse().withHeader("Content-Type", "text/plain").withBody(key.pem())));
  }

  @Test
  void theCertificateOfARealSiteIsRead() {
    site.server().resetMappings();
    site.answers("10-certificate");

    assertThat(site.client().certificate().getSubjectX500Principal().getName())
        .isEqualTo("CN=UNICOREX,O=UNICORE,C=EU");
  }

  @Test
  void whatIsNoCertificateIsAnError() {
    site.server().stubFor(get(urlPathEqualTo(CERTIFICATE)).willReturn(aResponse().withBody("no")));

    assertThatThrownBy(() -> check.require(KEY.token(US)))
        .isInstanceOf(UnicoreException.class)
        .hasMessageContaining("site 'demo', GET")
        .hasMessageContaining("no certificate in PEM");
  }

  static Stream<SigningKey> keys() {
    return Stream.of(
        KEY,
        SigningKey.rsa(JWSAlgorithm.RS512),
        SigningKey.rsa(JWSAlgorithm.PS256),
        SigningKey.ec(256, JWSAlgorithm.ES256),
        SigningKey.ec(384, JWSAlgorithm.ES384));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void aTokenThatTheSiteSignedForUsIsGood(SigningKey key) {
    certificate(key);

    check.require(key.token(US));
    check.require(key.token("CN=Demo User, O=UNICORE, C=EU"));
    assertThat(requests()).as("and certificate and name are remembered").isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CN=Somebody Else,O=UNICORE,C=EU",
        "C=EU,O=UNICORE,CN=Demo User",
        "CN=Demo User,O=UNICORE",
        "O=UNICORE,C=EU",
        "CN=Demo User",
        "CN=Demo User,O=UNICORE,C=EU,C=EU",
        "Demo User",
        ""
      })
  void aTokenForSomebodyElseIsRefused(String user) {
    assertRefused(KEY.token(user), "the site knows us as 'CN=Demo User, O=UNICORE, C=EU'");
  }

  @Test
  void whatASiteWritesIntoATokenCannotPassForLinesOfALog() {
    assertThatThrownBy(() -> check.require(KEY.token("CN=x\n2026 INFO all is well\u001b[2J")))
        .isInstanceOf(RefusedTokenException.class)
        .message()
        .doesNotContain("\n", "\u001b");
  }

  @Test
  void aTokenThatHasExpiredIsRefusedWithoutARequest() {
    assertRefused(KEY.token(SigningKey.claims(US, Duration.ofMinutes(-1))), "expired");
    assertThat(requests()).isZero();
  }

  @Test
  void clocksMayDifferALittle() {
    check.require(KEY.token(SigningKey.claims(US, Duration.ofSeconds(-5))));
  }

  @Test
  void aTokenWithoutAnEndOrAUserIsRefused() {
    JWTClaimsSet whole = SigningKey.claims(US, Duration.ofMinutes(5));

    assertRefused(
        KEY.token(new JWTClaimsSet.Builder(whole).expirationTime(null).build()),
        "lacks sub or exp");
    assertRefused(
        KEY.token(new JWTClaimsSet.Builder(whole).subject(null).build()), "lacks sub or exp");
  }

  @Test
  void aTokenThatAnotherKeySignedIsRefused() {
    assertRefused(ANOTHER.token(US), "not signed with the key of the site's certificate");
    assertRefused(
        SigningKey.ec(256, JWSAlgorithm.ES256).token(US),
        "not signed with the key of the site's certificate");
  }

  @Test
  void aTokenWhoseClaimsWereChangedIsRefused() {
    String[] ours = KEY.token(US).split("\\.");
    String[] theirs = KEY.token("CN=Somebody Else,O=UNICORE,C=EU").split("\\.");

    assertRefused(
        String.join(".", theirs[0], ours[1], theirs[2]),
        "not signed with the key of the site's certificate");
  }

  @Test
  void anHmacIsRefusedAlsoIfThePublicKeyIsItsSecret() throws Exception {
    for (byte[] secret :
        List.of(new byte[32], KEY.publicKey().getEncoded(), KEY.pem().getBytes())) {
      SignedJWT token =
          new SignedJWT(
              new JWSHeader(JWSAlgorithm.HS256), SigningKey.claims(US, Duration.ofMinutes(5)));
      token.sign(new MACSigner(secret));

      assertRefused(token.serialize(), "not signed with an RSA or EC key");
    }
    assertThat(requests()).isZero();
  }

  @Test
  void aTokenThatNobodySignedIsRefused() {
    PlainJWT none = new PlainJWT(SigningKey.claims(US, Duration.ofMinutes(5)));
    String[] signed = KEY.token(US).split("\\.");

    assertRefused(none.serialize(), "no signed token");
    assertRefused(none.serialize() + signed[2], "no signed token");
    assertRefused(signed[0] + "." + signed[1] + ".", "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "..", "a.b.c", "e30.e30.e30", "eyJhbGciOiJSUzI1NiJ9.bm8.bm8", "\u0000"})
  void garbageIsRefusedWithoutARequest(String token) {
    assertThatThrownBy(() -> check.require(token)).isInstanceOf(RefusedTokenException.class);
    assertThat(requests()).isZero();
  }

  @Test
  void aNewKeyOfTheSiteIsAskedForAtTheMostOnceAMinute() {
    check.require(KEY.token(US));
    certificate(ANOTHER);
    nanoTime.addAndGet(Duration.ofSeconds(59).toNanos());

    assertRefused(ANOTHER.token(US), "not signed");
    assertThat(certificateRequests()).isEqualTo(1);

    nanoTime.addAndGet(Duration.ofSeconds(2).toNanos());
    check.require(ANOTHER.token(US));
    assertRefused(KEY.token(US), "not signed");
    assertThat(certificateRequests()).isEqualTo(2);
  }

  @Test
  void manyForgedTokensCostTheSiteNoMoreThanOne() {
    check.require(KEY.token(US));
    nanoTime.addAndGet(Duration.ofMinutes(2).toNanos());
    for (int i = 0; i < 20; i++) {
      assertRefused(ANOTHER.token(US), "not signed");
    }

    assertThat(certificateRequests()).isEqualTo(2);
    assertThatCode(() -> check.require(KEY.token(US))).doesNotThrowAnyException();
  }

  @Test
  void aSiteThatIsAwayIsAskedAgainAMinuteLaterAndNobodyIsLetInMeanwhile() {
    site.server().stubFor(get(urlPathEqualTo(CERTIFICATE)).willReturn(serverError()));

    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> check.require(KEY.token(US)))
          .isInstanceOf(UnicoreException.class)
          .hasMessageContaining("HTTP 500");
    }
    assertThat(certificateRequests()).isEqualTo(1);

    certificate(KEY);
    nanoTime.addAndGet(Duration.ofMinutes(1).toNanos());
    check.require(KEY.token(US));
  }

  @Test
  void aSiteThatDoesNotAnswerHoldsNobodyForLong() {
    site.server()
        .stubFor(get(urlPathEqualTo(CERTIFICATE)).willReturn(aResponse().withFixedDelay(60_000)));
    TokenCheck patient =
        new TokenCheck(UnicoreSites.connect(site.settings(Duration.ofSeconds(55), null)));

    assertThatThrownBy(() -> patient.require(KEY.token(US)))
        .isInstanceOf(UnicoreException.class)
        .hasMessageContaining("no answer yet");
  }

  private void assertRefused(String token, String reason) {
    assertThatThrownBy(() -> check.require(token))
        .isInstanceOf(RefusedTokenException.class)
        .hasMessageContaining(reason)
        .hasMessageNotContainingAny(token);
  }

  private static int certificateRequests() {
    return site.server()
        .countRequestsMatching(getRequestedFor(urlPathEqualTo(CERTIFICATE)).build())
        .getCount();
  }

  private static int requests() {
    return site.requests().size();
  }
}
