package io.unicoredask.unicore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.SignatureECDSA;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.unicoredask.KeyMaker;
import io.unicoredask.localsite.LocalSite;
import io.unicoredask.localsite.LocalSiteSettings;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that are signed with a private key. */
class SignedTokenTest {

  private static final String ED25519 = "ssh-keygen -q -f KEY -N NONE -t ed25519";
  private static final String ENCRYPTED = "ssh-keygen -q -f KEY -a 1 -N PASSPHRASE -t ed25519";
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

  private static LocalSite site;

  @TempDir private Path directory;
  private Path key;
  private Path passphrase;

  @BeforeAll
  static void start() throws IOException {
    site = LocalSite.start(LocalSiteSettings.builder().tls(false).user("ada").user("bob").build());
  }

  @AfterAll
  static void stop() {
    site.close();
  }

  @BeforeEach
  void writeThePassphrase() throws IOException {
    key = directory.resolve("key");
    passphrase = Files.writeString(directory.resolve("passphrase"), KeyMaker.PASSPHRASE + "\n");
  }

  static Stream<String> commands() {
    return KeyMaker.commands();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aSiteKnowsUsByEveryKindOfKey(String command) throws IOException {
    KeyMaker.make(command, key);
    KeyMaker.authorize(site.home("ada"), key);
    SignedToken credential = new SignedToken("ada", key, passphrase, MINUTE, null);
    assertThat(TokenFileTest.client(site, credential).info().uid()).isEqualTo("ada");
  }

  @ParameterizedTest
  @CsvSource({"256, secp256r1", "384, secp384r1", "521, secp521r1"})
  void aSignatureIsWhatTheKindOfKeyHas(int bits, String curve) throws Exception {
    SignedJWT token = signed(bits);
    assertThat(token.verify(new ECDSAVerifier(publicKey(bits, curve)))).isTrue();
  }

  /** As one in 128 has by chance; others have a byte more for the sign. */
  @ParameterizedTest
  @CsvSource({"256, 32", "384, 48", "521, 66"})
  void theNumbersOfASignatureMayBeShortAndLong(int bits, int length) throws Exception {
    String kind = "ecdsa-sha2-nistp" + bits;
    String usual = JSch.getConfig(kind);
    JSch.setConfig(kind, ShortAndLong.class.getName());
    try {
      ByteBuffer signature = ByteBuffer.wrap(signed(bits).getSignature().decode());
      for (byte[] number : new byte[][] {ShortAndLong.SHORT, ShortAndLong.LONG}) {
        byte[] part = new byte[length];
        signature.get(part);
        assertThat(new BigInteger(1, part)).isEqualTo(new BigInteger(1, number));
      }
      assertThat(signature.hasRemaining()).isFalse();
    } finally {
      JSch.setConfig(kind, usual);
    }
  }

  /** Signs with a number that has zeros in front, and one whose first bit is no sign. */
  public static final class ShortAndLong implements SignatureECDSA {

    private static final byte[] SHORT = {0x7f, 1, 2};
    private static final byte[] LONG = new byte[32];

    static {
      Arrays.fill(LONG, (byte) 0xfe);
    }

    @Override
    public byte[] sign() {
      ByteBuffer both = ByteBuffer.allocate(4 + SHORT.length + 4 + 1 + LONG.length);
      both.putInt(SHORT.length).put(SHORT);
      return both.putInt(1 + LONG.length).put((byte) 0).put(LONG).array();
    }

    @Override
    public void init() {}

    @Override
    public void setPrvKey(byte[] key) {}

    @Override
    public void setPubKey(byte[] x, byte[] y) {}

    @Override
    public void update(byte[] data) {}

    @Override
    public boolean verify(byte[] signature) {
      throw new UnsupportedOperationException();
    }
  }

  private SignedJWT signed(int bits) throws Exception {
    KeyMaker.make("ssh-keygen -q -f KEY -N NONE -t ecdsa -m PEM -b " + bits, key);
    String token = new SignedToken("ada", key, null, MINUTE, null).authorization();
    return SignedJWT.parse(token.replaceFirst("^Bearer ", ""));
  }

  /** The point is at the end of what is in the public line. */
  private ECPublicKey publicKey(int bits, String curve) throws Exception {
    byte[] blob = Base64.getDecoder().decode(KeyMaker.publicLine(key).split(" ")[1]);
    int length = (bits + 7) / 8;
    BigInteger x = new BigInteger(1, blob, blob.length - 2 * length, length);
    BigInteger y = new BigInteger(1, blob, blob.length - length, length);
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec(curve));
    return (ECPublicKey)
        KeyFactory.getInstance("EC")
            .generatePublic(
                new ECPublicKeySpec(
                    new ECPoint(x, y), parameters.getParameterSpec(ECParameterSpec.class)));
  }

  @Test
  void aSiteThatKnowsAnotherKeyRefusesUs() throws IOException {
    KeyMaker.make(ED25519, key);
    KeyMaker.authorize(site.home("ada"), key);
    KeyMaker.make(ED25519, key);
    assertThatThrownBy(client("ada", null)::info)
        .hasMessageContaining("HTTP 403")
        .hasMessageContaining("Check the user 'ada' and the key file %s", key);
    KeyMaker.authorize(site.home("ada"), key);
    assertThatThrownBy(client("bob", null)::info).hasMessageContaining("HTTP 403");
  }

  @Test
  void aTokenCanBeLimitedToASite() throws IOException {
    KeyMaker.make(ED25519, key);
    KeyMaker.authorize(site.home("ada"), key);
    assertThat(client("ada", "CN=UNICOREX,O=UNICORE,C=EU").info().uid()).isEqualTo("ada");
    assertThatThrownBy(client("ada", "CN=ANOTHER")::info).hasMessageContaining("HTTP 403");
  }

  @Test
  void aKeyThatIsReplacedIsUsedFromThenOn() throws IOException {
    SignedToken credential = new SignedToken("ada", key, passphrase, MINUTE, null);
    KeyMaker.make(ED25519, key);
    credential.authorization();
    KeyMaker.make(ENCRYPTED, key);
    KeyMaker.authorize(site.home("ada"), key);
    assertThat(TokenFileTest.client(site, credential).info().uid()).isEqualTo("ada");
  }

  @Test
  void aTokenSaysWhoWeAreForAShortWhile() throws Exception {
    KeyMaker.make(ED25519, key);
    String token = new SignedToken("ada", key, null, MINUTE, "site", () -> NOW).authorization();
    SignedJWT signed = SignedJWT.parse(token.replaceFirst("^Bearer ", ""));
    assertThat(signed.getHeader().getAlgorithm().getName()).isEqualTo("EdDSA");
    assertThat(signed.getJWTClaimsSet())
        .isEqualTo(
            new JWTClaimsSet.Builder()
                .subject("ada")
                .issuer("ada")
                .audience("site")
                .issueTime(Date.from(NOW))
                .expirationTime(Date.from(NOW.plusSeconds(60)))
                .build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT9S", "PT1H1S"})
  void aLifeThatIsNotShortIsRefused(Duration lifetime) {
    assertThatThrownBy(() -> new SignedToken("ada", key, null, lifetime, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("allowed is 10s to 1h");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "rw-r-----", "rw----r--", "rw-----w-", "rw------x"})
  void aKeyThatIsOpenToOthersIsNotUsed(String permissions) throws IOException {
    KeyMaker.make(ED25519, key);
    SignedToken credential = new SignedToken("ada", key, null, MINUTE, null);
    credential.authorization();
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(permissions));
    assertThatThrownBy(credential::authorization)
        .isInstanceOf(CredentialException.class)
        .hasMessageContaining("the key file %s is open to others (%s)", key, permissions)
        .hasMessageContaining("chmod 600");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ssh-keygen -q -f KEY -a 1 -N PASSPHRASE -t rsa
          ssh-keygen -q -f KEY -a 1 -N PASSPHRASE -t ecdsa -m PEM
          openssl genpkey -out KEY -algorithm ed25519 -aes256 -pass pass:PASSPHRASE
          """)
  void aWrongPassphraseIsNamedAndNotShown(String command) throws IOException {
    KeyMaker.make(command, key);
    Files.writeString(passphrase, "not this one");
    assertThatThrownBy(new SignedToken("ada", key, passphrase, MINUTE, null)::authorization)
        .isInstanceOf(CredentialException.class)
        .hasMessage(
            "the passphrase file %s does not hold the passphrase of the key file %s",
            passphrase, key)
        .hasNoCause();
    assertThatThrownBy(new SignedToken("ada", key, null, MINUTE, null)::authorization)
        .hasMessageContaining("the key file %s is encrypted", key)
        .hasMessageContaining("passphrase-file");
    Files.delete(passphrase);
    assertThatThrownBy(new SignedToken("ada", key, passphrase, MINUTE, null)::authorization)
        .hasMessageContaining(passphrase.toString())
        .hasMessageContaining("NoSuchFileException");
  }

  @Test
  void aPassphraseMayBeOfAnyLanguageWhereOpensshHasEncryptedTheKey() throws IOException {
    KeyMaker.makeEncrypted(key, "Öffne-dich");
    Files.writeString(passphrase, "Öffne-dich");
    assertThat(new SignedToken("ada", key, passphrase, MINUTE, null).authorization())
        .startsWith("Bearer ");
    KeyMaker.make("openssl genpkey -out KEY -algorithm RSA -aes256 -pass pass:PASSPHRASE", key);
    assertThatThrownBy(new SignedToken("ada", key, passphrase, MINUTE, null)::authorization)
        .hasMessageContaining("with a passphrase that is not ASCII")
        .hasMessageNotContaining("dich");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "some text",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIE\n-----END PRIVATE KEY-----\n",
        "-----BEGIN RSA PRIVATE KEY-----\nnot base64\n-----END RSA PRIVATE KEY-----\n",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGk4 who@where\n"
      })
  void whatIsNoKeyIsNamedAndNotShown(String content) throws IOException {
    Files.writeString(key, content);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    assertThatThrownBy(new SignedToken("ada", key, null, MINUTE, null)::authorization)
        .isInstanceOf(CredentialException.class)
        .hasMessageStartingWith("the key file %s holds no private key that can be read", key)
        .hasNoCause();
  }

  @Test
  void aShortRsaKeyIsRefused() throws IOException {
    KeyMaker.make("openssl genpkey -out KEY -algorithm RSA -pkeyopt rsa_keygen_bits:1024", key);
    assertThatThrownBy(new SignedToken("ada", key, null, MINUTE, null)::authorization)
        .hasMessage(
            "the key in %s is an RSA key of 1024 bits, and sites take none below 2048", key);
  }

  @Test
  void aMissingKeyIsNamed() {
    assertThatThrownBy(new SignedToken("ada", key, null, MINUTE, null)::authorization)
        .isInstanceOf(CredentialException.class)
        .hasMessageContaining("the key file %s cannot be read (NoSuchFileException)", key);
  }

  @Test
  void onlyUserAndFileAreShown() {
    assertThat(new SignedToken("ada", key, passphrase, MINUTE, null))
        .hasToString("SignedToken[user=ada, key=the key file " + key + "]");
  }

  private UnicoreSite client(String user, String audience) {
    return TokenFileTest.client(site, new SignedToken(user, key, passphrase, MINUTE, audience));
  }
}
