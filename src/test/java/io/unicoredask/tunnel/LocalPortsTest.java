package io.unicoredask.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalPortsTest {

  @Test
  void aRangeHoldsItsEndsAndWhatIsBetween() {
    LocalPorts ports = LocalPorts.of(" 4300 - 4302 ");

    assertThat(ports).isEqualTo(new LocalPorts(4300, 4302)).hasToString("4300-4302");
    assertThat(ports.anyOf()).containsExactlyInAnyOrder(4300, 4301, 4302);
    assertThat(ports.allow(4300) && ports.allow(4302)).isTrue();
    assertThat(ports.allow(4299) || ports.allow(4303)).isFalse();
  }

  @Test
  void onePortIsARangeToo() {
    assertThat(LocalPorts.of("4300")).isEqualTo(new LocalPorts(4300, 4300)).hasToString("4300");
  }

  @Test
  void byDefaultTheSystemChoosesAndPrivilegedPortsAreNotAllowed() {
    assertThat(LocalPorts.of("1024-65535").anyOf()).containsExactly(0);
    assertThat(LocalPorts.unprivileged().allow(1023)).isFalse();
    assertThat(LocalPorts.of("80-443").allow(80)).as("unless they are asked for").isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "all", "4400-4300", "0-10", "1-65536", "-5", "1-2-3", "99999"})
  void whatIsNoRangeIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LocalPorts.of(text))
        .withMessageStartingWith("ports = ")
        .withMessageContaining("such as 4300-4400");
  }
}
