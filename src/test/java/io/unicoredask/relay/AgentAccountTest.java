package io.unicoredask.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.relay.AgentReport.Worker;
import java.net.URI;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an agent has said, line by line. */
class AgentAccountTest {

  private final AgentAccount account = new AgentAccount();

  @Test
  void nothingIsKnownBeforeAllIsSaid() throws Exception {
    says("{\"agent\": 1}", "{\"came\": {\"tcp://a:1\": \"worker-1\"}}");
    assertThat(account.report()).isEmpty();

    says("{\"busy\": true, \"complete\": true}");
    assertThat(report().workers()).containsExactly(new Worker("worker-1", "tcp://a:1"));
    assertThat(report().busy()).isTrue();
    assertThat(report().wanted()).isEmpty();
  }

  @Test
  void workersComeAndGoInTheirOrder() throws Exception {
    begin();
    says(
        "{\"came\": {\"tcp://a:1\": \"worker-1\", \"tcp://b:2\": \"worker-2\"}}",
        "{\"left\": [\"tcp://a:1\"]}",
        "{\"came\": {\"tcp://c:3\": \"worker-1\"}}");

    assertThat(report().workers())
        .containsExactly(new Worker("worker-2", "tcp://b:2"), new Worker("worker-1", "tcp://c:3"));
  }

  @Test
  void aGreetingBeginsAnew() throws Exception {
    begin();
    says("{\"came\": {\"tcp://a:1\": \"worker-1\"}}", "{\"wanted\": 4}", "{\"closing\": \"idle\"}");
    assertThat(report().wanted()).hasValue(4);
    assertThat(report().closing()).hasValue("idle");

    begin();
    assertThat(report().workers()).isEmpty();
    assertThat(report().wanted()).isEmpty();
    assertThat(report().closing()).isEmpty();
  }

  @Test
  void itSaysWhereTheDashboardIs() throws Exception {
    says("{\"agent\": 1, \"dashboard\": \"https:/here/status\"}", "{\"complete\": true}");
    assertThat(report().dashboard()).hasValue(URI.create("https:/here/status"));

    says("{\"agent\": 1, \"dashboard\": null}", "{\"complete\": true}");
    assertThat(report().dashboard()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:/etc/passwd", "https:", "/status", " ", "javascript:alert(1)"})
  void aDashboardThatIsNowhereIsNonsense(String text) {
    assertThatThrownBy(() -> says("{\"agent\": 1, \"dashboard\": \"%s\"}".formatted(text)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anAgentThatFailsSaysSoEvenBeforeAnythingElse() throws Exception {
    says("{\"failed\": \"ImportError()\"}");

    assertThat(account.failed()).hasValue("ImportError()");
    assertThat(account.report()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"came\": 7}",
        "{\"came\": [\"tcp://a:1\"]}",
        "{\"left\": \"tcp://a:1\"}",
        "{\"wanted\": \"many\"}",
        "{\"wanted\": 1e300}",
        "{\"busy\": {}}",
        "{\"unheard\": \"of\"}"
      })
  void whatIsNotUnderstoodIsPassedOver(String line) throws Exception {
    begin();
    says("{\"came\": {\"tcp://a:1\": \"worker-1\"}}", line);

    assertThat(report().workers()).hasSize(1);
    assertThat(report().wanted()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "7", "null", "\"came\""})
  void whatIsNoObjectIsRefused(String line) {
    assertThatThrownBy(() -> says(line)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aMillionWorkersAreRefusedBeforeTheyTakeTheMemory() throws Exception {
    begin();

    assertThatThrownBy(
            () -> {
              for (int line = 0; line < 1000; line++) {
                says(workers(line * 1000, 1000));
              }
            })
        .hasMessageContaining("more than 100000 workers");
    assertThat(report().workers()).hasSizeLessThanOrEqualTo(AgentAccount.MOST_WORKERS + 1);
  }

  @Test
  void aNameOfAnyLengthTakesLittleMemory() throws Exception {
    begin();
    says("{\"came\": {\"tcp://a:1\": \"%s\"}}".formatted("x".repeat(1_000_000)));

    assertThat(report().workers().get(0).name()).hasSize(256);
  }

  @Test
  void aNameForgesNoLineOfALog() throws Exception {
    begin();
    says("{\"came\": {\"tcp://a:1\": \"worker-1\\r\\nERROR all is lost\"}}");

    assertThat(report().workers().get(0).name()).isEqualTo("worker-1 ERROR all is lost");
  }

  private static String workers(int first, int count) {
    StringBuilder came = new StringBuilder("{\"came\": {");
    IntStream.range(first, first + count)
        .forEach(
            number ->
                came.append(number == first ? "" : ",")
                    .append("\"tcp://n:%d\":\"worker-%d\"".formatted(number, number)));
    return came.append("}}").toString();
  }

  private void begin() throws JsonProcessingException {
    says("{\"agent\": 1}", "{\"complete\": true}");
  }

  private AgentReport report() {
    return account.report().orElseThrow();
  }

  private void says(String... lines) throws JsonProcessingException {
    for (String line : lines) {
      account.note(new ObjectMapper().readTree(line));
    }
  }
}
