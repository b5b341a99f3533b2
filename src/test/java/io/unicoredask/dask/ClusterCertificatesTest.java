package io.unicoredask.dask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.FilteredClassLoader;

class ClusterCertificatesTest {

  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
  private static final Duration LASTING = Duration.ofDays(3);
  private static final String SERVES = "1.3.6.1.5.5.7.3.1";
  private static final String CONNECTS = "1.3.6.1.5.5.7.3.2";

  /** By the bits of the standard. */
  private static final int SIGNS_CERTIFICATES = 5;

  private final ClusterCertificates made = ClusterCertificates.of("a-cluster", NOW, LASTING);

  @ParameterizedTest
  @EnumSource(names = "CA", mode = EnumSource.Mode.EXCLUDE)
  void eachIsSignedByTheAuthorityOfItsCluster(TlsFile file) throws Exception {
    validate(made, made, file, NOW);
    assertThatThrownBy(() -> validate(another(), made, file, NOW))
        .isInstanceOf(CertPathValidatorException.class);
  }

  @ParameterizedTest
  @EnumSource(names = "CA", mode = EnumSource.Mode.EXCLUDE)
  void eachIsGoodForItsTimeAndAnHourForSlowClocks(TlsFile file) throws Exception {
    Instant from = NOW.minus(Duration.ofHours(1));
    Instant until = NOW.plus(LASTING);
    validate(made, made, file, from);
    validate(made, made, file, until);
    for (Instant when : List.of(from.minusSeconds(1), until.plusSeconds(1))) {
      assertThatThrownBy(() -> validate(made, made, file, when))
          .isInstanceOf(CertPathValidatorException.class);
    }
  }

  @Test
  void onesThatLastForDecadesCanBeMadeAsWell() throws Exception {
    ClusterCertificates old = ClusterCertificates.of("old", NOW, Duration.ofDays(365 * 50));
    validate(old, old, TlsFile.WORKER, Instant.parse("2076-01-01T00:00:00Z"));
  }

  @Test
  void schedulerAndWorkersServeAndClientsOnlyConnect() throws Exception {
    assertThat(certificate(made, TlsFile.SCHEDULER).getExtendedKeyUsage())
        .containsExactly(SERVES, CONNECTS);
    assertThat(certificate(made, TlsFile.WORKER).getExtendedKeyUsage())
        .containsExactly(SERVES, CONNECTS);
    assertThat(certificate(made, TlsFile.CLIENT).getExtendedKeyUsage()).containsExactly(CONNECTS);
  }

  @Test
  void nobodyButTheAuthorityMaySign() throws Exception {
    X509Certificate authority = certificate(made, TlsFile.CA);
    assertThat(authority.getBasicConstraints()).isZero();
    assertThat(authority.getKeyUsage()[SIGNS_CERTIFICATES]).isTrue();
    for (TlsFile file : TlsFile.secret().toList()) {
      assertThat(certificate(made, file).getBasicConstraints()).isEqualTo(-1);
      assertThat(certificate(made, file).getKeyUsage()[SIGNS_CERTIFICATES]).isFalse();
    }
  }

  @Test
  void eachNamesItsClusterAndWhoseItIs() throws Exception {
    assertThat(certificate(made, TlsFile.CA).getSubjectX500Principal().getName())
        .isEqualTo("CN=Dask cluster,O=a-cluster");
    assertThat(certificate(made, TlsFile.SCHEDULER).getSubjectX500Principal().getName())
        .isEqualTo("CN=Dask scheduler,O=a-cluster");
    assertThat(certificate(made, TlsFile.WORKER).getIssuerX500Principal().getName())
        .isEqualTo("CN=Dask cluster,O=a-cluster");
  }

  @Test
  void whatTheClusterIsCalledIsNothingButAName() throws Exception {
    ClusterCertificates odd = ClusterCertificates.of("a,CN=b+" + "c".repeat(100), NOW, LASTING);
    assertThat(certificate(odd, TlsFile.CLIENT).getSubjectX500Principal().getName())
        .isEqualTo("CN=Dask client,O=a\\,CN\\=b\\+" + "c".repeat(57));
  }

  @Test
  void noTwoHaveTheSameKeyOrNumber() throws Exception {
    Set<Object> all = new HashSet<>();
    for (ClusterCertificates cluster : List.of(made, another())) {
      for (TlsFile file : TlsFile.values()) {
        all.add(certificate(cluster, file).getPublicKey());
        all.add(certificate(cluster, file).getSerialNumber());
      }
    }
    assertThat(all).hasSize(16);
  }

  @Test
  void theAuthoritysKeyIsNowhere() {
    assertThat(made.content(TlsFile.CA)).doesNotContain("PRIVATE KEY");
    for (TlsFile file : TlsFile.secret().toList()) {
      assertThat(made.content(file).split("BEGIN PRIVATE KEY")).hasSize(2);
    }
  }

  @Test
  void theyAreNotPrinted() {
    assertThat(made).hasToString("ClusterCertificates[hidden]");
    assertThat(client()).hasToString("ClientCertificate[hidden]");
  }

  @Test
  void aClientsFilesAreTakenApart() {
    ClientCertificate client = client();
    assertThat(client.ca()).isEqualTo(made.content(TlsFile.CA));
    assertThat(client.certificate() + client.key()).isEqualTo(made.content(TlsFile.CLIENT));
    assertThat(client.context()).isNotNull();
  }

  @Test
  void filesOfAnotherContentAreRefusedAndNotQuoted() {
    byte[] key = made.content(TlsFile.CLIENT).replaceAll("(?s)^.*END CERT.*?\n", "").getBytes();
    assertThatThrownBy(() -> ClientCertificate.of(key, key))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no certificate in dask-tls-ca.pem");
    String certificate = client().certificate();
    ClientCertificate broken = new ClientCertificate("no ca", certificate, client().key());
    assertThatThrownBy(broken::context)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the files dask-tls-ca.pem and dask-tls-client.pem cannot be used")
        .hasNoCause();
  }

  @Test
  void theyCannotBeMadeWithoutTheLibrary() {
    assertThat(ClusterCertificates.canBeMade()).isTrue();
    assertThat(ClusterCertificates.canBeMade(new FilteredClassLoader("org.bouncycastle")))
        .isFalse();
  }

  private ClientCertificate client() {
    return ClientCertificate.of(
        made.content(TlsFile.CA).getBytes(), made.content(TlsFile.CLIENT).getBytes());
  }

  private static ClusterCertificates another() {
    return ClusterCertificates.of("a-cluster", NOW, LASTING);
  }

  private static void validate(
      ClusterCertificates trusted, ClusterCertificates shown, TlsFile file, Instant when)
      throws Exception {
    PKIXParameters parameters =
        new PKIXParameters(Set.of(new TrustAnchor(certificate(trusted, TlsFile.CA), null)));
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(when));
    CertPathValidator.getInstance("PKIX")
        .validate(
            CertificateFactory.getInstance("X.509")
                .generateCertPath(List.of(certificate(shown, file))),
            parameters);
  }

  private static X509Certificate certificate(ClusterCertificates of, TlsFile file)
      throws Exception {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(of.content(file).getBytes(StandardCharsets.US_ASCII)));
  }
}
