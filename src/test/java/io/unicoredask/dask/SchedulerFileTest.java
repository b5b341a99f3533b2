package io.unicoredask.dask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulerFileTest {

  @ParameterizedTest
  @ValueSource(strings = {"2022.12.1", "2026.8.0"})
  void theFileOfEveryVersionIsRead(String version) throws IOException {
    SchedulerFile file = SchedulerFile.parse(recorded(version)).orElseThrow();
    assertThat(file.id()).startsWith("Scheduler-");
    assertThat(file.address().toString()).startsWith("tcp://127.0.0.1:");
    assertThat(file.host()).isEqualTo("127.0.0.1");
    assertThat(file.port()).isPositive();
    assertThat(file.dashboardPort()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2022.12.1", "2026.8.0"})
  void aHalfWrittenFileIsWorthAnotherLookWhereverItEnds(String version) throws IOException {
    byte[] whole = new String(recorded(version), StandardCharsets.UTF_8).trim().getBytes();
    for (int length = 0; length < whole.length; length++) {
      assertThat(SchedulerFile.parse(Arrays.copyOf(whole, length))).isEmpty();
      byte[] zerosFollow = Arrays.copyOf(Arrays.copyOf(whole, length), whole.length);
      assertThat(SchedulerFile.parse(zerosFollow)).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tcp://10.1.2.3:8786, 10.1.2.3",
    "tcp://node_17.cluster:8786, node_17.cluster",
    "tls://[2001:db8::1]:8786, 2001:db8::1",
    "tcp://[fe80::1%ib0]:8786, fe80::1%ib0"
  })
  void everyKindOfHostIsTakenFromTheAddress(String address, String host) {
    SchedulerFile file = SchedulerFile.parse(file("Scheduler", address, "1.5")).orElseThrow();
    assertThat(file.host()).isEqualTo(host);
    assertThat(file.port()).isEqualTo(8786);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ucx://10.1.2.3:1", "inproc://10.1.2.3/1/1", "tcp://10.1.2.3", "", "tcp://a b:1"})
  void anAddressThatNoTunnelCanLeadToIsRefused(String address) {
    assertThatThrownBy(() -> SchedulerFile.parse(file("Scheduler", address, "1.5")))
        .isInstanceOf(InvalidSchedulerFileException.class)
        .hasMessageContaining("'" + address + "'");
  }

  @Test
  void aFileOfAnotherTypeIsRefused() {
    assertThatThrownBy(() -> SchedulerFile.parse(file("Worker", "tcp://10.1.2.3:1", "1.5")))
        .isInstanceOf(InvalidSchedulerFileException.class)
        .hasMessageContaining("'Worker'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Segmentation fault", "[1]", "{]}", "<html></html>"})
  void somethingElseIsRefusedInsteadOfWaitedFor(String text) {
    assertThatThrownBy(() -> SchedulerFile.parse(text.getBytes()))
        .isInstanceOf(InvalidSchedulerFileException.class);
  }

  @Test
  void aSchedulerWithoutHttpServerHasNoDashboardPort() {
    SchedulerFile file =
        SchedulerFile.parse(file("Scheduler", "tcp://10.1.2.3:1", "1.25")).orElseThrow();
    assertThat(file.dashboardPort()).isNull();
    assertThat(file.started()).hasToString("1970-01-01T00:00:01.250Z");
  }

  private static byte[] file(String type, String address, String started) {
    return "{\"type\": \"%s\", \"id\": \"S-1\", \"address\": \"%s\", \"services\": {}, \"started\": %s}"
        .formatted(type, address, started)
        .getBytes();
  }

  private static byte[] recorded(String version) throws IOException {
    String name = "/dask/scheduler-%s.json".formatted(version);
    try (InputStream content = SchedulerFileTest.class.getResourceAsStream(name)) {
      return content.readAllBytes();
    }
  }
}
