package io.unicoredask.cluster.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.unicoredask.cluster.FakeSite;
import io.unicoredask.relay.RelayProgram;
import io.unicoredask.relay.RelaySecret;
import io.unicoredask.unicore.UnicoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a cluster's relay is, as its files say. */
class RelayFinderTest {

  private static final String SECRET = "0f".repeat(32);

  private final FakeSite site = new FakeSite("hpc");
  private final Cluster cluster = Situation.of().listens().cluster();

  /** Has the scheduler's job write what a relay writes. */
  static void putRelay(FakeSite site) {
    site.has(RelayProgram.RELAY_FILE, file("node1", 40001)).has(RelayProgram.SECRET_FILE, SECRET);
  }

  @Test
  void aRelayIsWhereItsFileSaysAndItsSecretIsBesideIt() {
    putRelay(site);

    RelayFinder.Found found = RelayFinder.of(cluster, site).orElseThrow();
    assertThat(found.file().host()).isEqualTo("node1");
    assertThat(found.file().port()).isEqualTo(40001);
    assertThat(found.secret()).isEqualTo(RelaySecret.ofHex(SECRET));
  }

  @Test
  void withoutASecretThereIsNoRelayYet() {
    site.has(RelayProgram.RELAY_FILE, file("node1", 40001));
    assertThat(RelayFinder.of(cluster, site)).isEmpty();
  }

  @Test
  void withoutItsFileThereIsNoRelayYet() {
    site.has(RelayProgram.SECRET_FILE, SECRET);
    assertThat(RelayFinder.of(cluster, site)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{\"protocol\": \"another\"}"})
  void aFileThatIsNoRelaysIsNone(String content) {
    putRelay(site);
    site.has(RelayProgram.RELAY_FILE, content);

    assertThat(RelayFinder.of(cluster, site)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0f0f", "not hexadecimal"})
  void aSecretThatIsNoneIsNoRelays(String secret) {
    putRelay(site);
    site.has(RelayProgram.SECRET_FILE, secret);

    assertThat(RelayFinder.of(cluster, site)).isEmpty();
  }

  @Test
  void aSiteThatCannotSayIsAnError() {
    site.refuses("file", 503);

    assertThatExceptionOfType(UnicoreException.class)
        .isThrownBy(() -> RelayFinder.of(cluster, site));
  }

  private static String file(String host, int port) {
    return "{\"protocol\": \"DASKRLY1\", \"host\": \"%s\", \"port\": %d}".formatted(host, port);
  }
}
