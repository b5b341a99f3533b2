package io.unicoredask.cluster.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the file of an engine's claim says, and what an engine remembers of it. */
class ClaimTest {

  private final Claim claim =
      new Claim(3, "token", List.of("here", "there"), false, List.of("a copy"), 17);

  @Test
  void itIsTheSameAfterwardsAsJson() throws IOException {
    assertThat(Claim.read(claim.toJson())).isEqualTo(claim);
  }

  @Test
  void whatALaterVersionWritesIsPassedOver() throws IOException {
    Claim read = Claim.read("{\"token\": \"t\", \"later\": 1}".getBytes(UTF_8));

    assertThat(read.token()).isEqualTo("t");
    assertThat(read.engines()).isEmpty();
    assertThat(read.denied()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{}", "null", "{\"token\": null}", "[]"})
  void whatIsNoClaimIsNoClaim(String content) {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> Claim.read(content.getBytes(UTF_8)));
  }

  @Test
  void anEngineThatComesAgainIsTheNewest() {
    assertThat(claim.with(List.of("new", "here")).engines())
        .containsExactly("there", "new", "here");
  }

  @Test
  void onlyTheNewestAreKept() {
    List<String> many = IntStream.range(0, 40).mapToObj(number -> "e" + number).toList();

    assertThat(claim.with(many).engines()).hasSize(32).endsWith("e39").doesNotContain("here");
  }

  @Test
  void aReleaseIsTheSameClaimThatNobodyActsOn() {
    Claim released = claim.asReleased(99);

    assertThat(released.released()).isTrue();
    assertThat(released.token()).isEqualTo("token");
    assertThat(released.at()).isEqualTo(99);
    assertThat(released.with(List.of()).released()).as("until it is claimed again").isFalse();
  }

  @Test
  void whoseItIsAndWhomItDeniesIsSaidByTokens() {
    assertThat(claim.isOneOf(Set.of("token", "other"))).isTrue();
    assertThat(claim.isOneOf(Set.of("other"))).isFalse();
    assertThat(claim.deniesOneOf(Set.of("a copy"))).isTrue();
    assertThat(claim.deniesOneOf(Set.of("token"))).isFalse();
  }

  @Test
  void theLastTokensAreRemembered() {
    StoredClaim stored = StoredClaim.NONE;
    for (int number = 1; number <= 10; number++) {
      stored = stored.with(new Claim(number, "t" + number, List.of("here"), false, null, 0));
    }

    assertThat(stored.generation()).isEqualTo(10);
    assertThat(stored.tokens()).hasSize(8).startsWith("t3").endsWith("t10");
    assertThat(stored.engines()).containsExactly("here");
  }

  @Test
  void tokensOfAllSitesAreAnEnginesOwn() {
    OnRecord record =
        new OnRecord(
            Map.of(
                "one", new StoredClaim(1, List.of("a"), List.of()),
                "two", new StoredClaim(1, List.of("b"), List.of())),
            List.of());

    assertThat(record.tokens()).containsExactlyInAnyOrder("a", "b");
    assertThat(record.at("three")).isEqualTo(StoredClaim.NONE);
  }

  @Test
  void eachEngineHasAFileOfItsOwn() {
    assertThat(Claim.file("abcdefgh")).isEqualTo(".camunda-unicore-dask-abcdefgh.json");
  }

  // Where an engine runs

  @ParameterizedTest
  @CsvSource({
    "host, jdbc:h2:file, host, jdbc:h2:file, true",
    "host, jdbc:h2:file, another, jdbc:h2:file, false",
    "host, jdbc:h2:file, host, jdbc:h2:other, false",
    "host, jdbc:p?password=a&x=1, host, jdbc:p?password=b&x=1, true",
    "host, jdbc:s;PWD=a;x=1, host, jdbc:s;PWD=b;x=1, true",
    "host, jdbc:p?password=a&x=1, host, jdbc:p?password=a&x=2, false"
  })
  void anEngineIsKnownByItsHostAndItsDatabaseWhateverItsPassword(
      String host, String url, String otherHost, String otherUrl, boolean same) {
    assertThat(Identity.fingerprint(host, url).equals(Identity.fingerprint(otherHost, otherUrl)))
        .isEqualTo(same);
  }

  @Test
  void neitherHostNorDatabaseCanBeReadFromAFingerprint() {
    assertThat(Identity.fingerprint("host", "jdbc:h2:file")).matches("[0-9a-f]{16}");
  }
}
