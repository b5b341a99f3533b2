package io.unicoredask.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where local ports listen, and what others are told. */
class LocalHostTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1,, 127.0.0.1, 127.0.0.1, false",
    "::1,, [::1], [::1], false",
    "10.1.2.3,, 10.1.2.3, 10.1.2.3, false",
    "0.0.0.0,, 127.0.0.1, 127.0.0.1, true",
    "::,, 127.0.0.1, 127.0.0.1, true",
    "[::],' ', 127.0.0.1, 127.0.0.1, true",
    "0.0.0.0, 127.0.0.1, 127.0.0.1, 127.0.0.1, false",
    "0.0.0.0, dask.example.org, dask.example.org, 127.0.0.1, false",
    "0:0:0:0:0:0:0:0, node-07, node-07, 127.0.0.1, false",
    "127.0.0.1, 2001:db8::1, [2001:db8::1], 127.0.0.1, false",
    "10.1.2.3, [2001:db8::1], [2001:db8::1], 10.1.2.3, false",
    "10.1.2.3, 192.0.2.7, 192.0.2.7, 10.1.2.3, false"
  })
  void addressesNameThePublicHostOrElseTheAddressThatIsListenedOn(
      String bind, String given, String named, String own, boolean misleading) {
    LocalHost host = new LocalHost(bind, given);

    assertThat(host.publicHostInUrl()).isEqualTo(named);
    assertThat(host.ownHost()).isEqualTo(own);
    assertThat(host.isMisleading()).isEqualTo(misleading);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, false",
    "127.0.0.2, false",
    "::1, false",
    "0.0.0.0, true",
    "::, true",
    "[::], true",
    "10.1.2.3, true",
    "172.17.0.1, true",
    "fd00::1, true"
  })
  void onlyALoopbackAddressIsClosedToOthers(String bind, boolean open) {
    assertThat(new LocalHost(bind, "127.0.0.1").isOpen()).isEqualTo(open);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "localhost", "300.1.1.1", "1.2.3", "::x", "fe80::1%eth0", "1.2.3.4:5"})
  void whatIsListenedOnIsAnAddress(String address) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LocalHost(address, null))
        .withMessageStartingWith("bind-address = %s is not allowed", address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://host",
        "host:8080",
        "host/path",
        "user@host",
        "two hosts",
        "a\nb",
        "-host",
        "host-.org",
        "my_host",
        "a..b",
        "300.1.1.1",
        "1.2.3",
        "0.0.0.0",
        "::",
        "[host]",
        "[::1",
        "fe80::1%eth0",
        "{host}",
        "bücher.example"
      })
  void othersAreToldAHostThatTheyCanReach(String host) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LocalHost("0.0.0.0", host))
        .withMessageStartingWith("public-host = %s is not allowed", host);
  }
}
