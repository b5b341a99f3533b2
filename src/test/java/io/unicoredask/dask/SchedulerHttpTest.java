package io.unicoredask.dask;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.unicoredask.Patience;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no scheduler of ours does on demand: {@link RealSchedulerTest} has the rest. */
class SchedulerHttpTest {

  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance()
          .options(options().dynamicPort().bindAddress("127.0.0.1"))
          .build();

  private SchedulerHttp http;

  @BeforeEach
  void connect() {
    http = SchedulerHttp.at(URI.create(SERVER.baseUrl() + "/"), Patience.LIMIT);
  }

  @Test
  void aRetirementThatAnswers500AfterAllIsTakenForDone() {
    onRetire(serverError().withBody("{\"Error\": \"Internal Server Error\"}"));
    onWorkers(okJson("{\"workers\": [{\"name\": 7, \"address\": \"tcp://b:1\"}]}"));
    assertThat(http.retire(List.of("tcp://a:1", "tcp://b:1"))).containsExactly("tcp://a:1");
    SERVER.verify(
        postRequestedFor(urlEqualTo("/api/v1/retire_workers"))
            .withRequestBody(equalToJson("{\"workers\": [\"tcp://a:1\", \"tcp://b:1\"]}")));
  }

  @Test
  void aRetirementThatAnswers500AndLeavesTheWorkersFails() {
    onRetire(serverError());
    onWorkers(okJson("{\"workers\": [{\"name\": \"b-0\", \"address\": \"tcp://b:1\"}]}"));
    SchedulerHttpException e = failure(() -> http.retire(List.of("tcp://b:1")));
    assertThat(e.status()).isEqualTo(500);
    assertThat(e.isRetryable()).isTrue();
    assertThat(e).hasMessageContaining("POST " + SERVER.baseUrl() + "/api/v1/retire_workers");
  }

  @Test
  void retiringNobodyAsksForNothing() {
    assertThat(http.retire(List.of())).isEmpty();
    SERVER.verify(0, postRequestedFor(urlEqualTo("/api/v1/retire_workers")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "{}", "[]", "<html>", "{\"workers\": null}"})
  void anAnswerThatIsNotDasksFailsForGood(String answer) {
    onWorkers(okJson(answer));
    SERVER.stubFor(get("/json/counts.json").willReturn(okJson(answer)));
    SERVER.stubFor(get("/api/v1/adaptive_target").willReturn(okJson(answer)));
    assertThat(failure(http::adaptiveTarget).isRetryable()).isFalse();
    assertThat(failure(http::counts).isRetryable()).isFalse();
    assertThat(failure(http::workers).isRetryable()).isFalse();
  }

  @Test
  void aCutConnectionMayBeTriedAgain() {
    SERVER.stubFor(
        get("/json/counts.json").willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
    SchedulerHttpException e = failure(http::counts);
    assertThat(e.isRetryable()).isTrue();
    assertThat(e.status()).isZero();
    assertThat(e).hasMessageContaining("GET " + SERVER.baseUrl() + "/json/counts.json");
  }

  @Test
  void aServerThatDoesNotAnswerInTimeMayBeTriedAgain() {
    SERVER.stubFor(get("/json/counts.json").willReturn(aResponse().withFixedDelay(2_000)));
    SchedulerHttp hasty = SchedulerHttp.at(URI.create(SERVER.baseUrl()), Duration.ofMillis(200));
    assertThat(failure(hasty::counts).isRetryable()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504, 429})
  void anErrorOfTheServerMayPass(int status) {
    SERVER.stubFor(get("/json/counts.json").willReturn(aResponse().withStatus(status)));
    SchedulerHttpException e = failure(http::counts);
    assertThat(e.isRetryable()).isTrue();
    assertThat(e.status()).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 400, 401, 403, 405, 410})
  void anyOtherRefusalStays(int status) {
    SERVER.stubFor(get("/json/counts.json").willReturn(aResponse().withStatus(status)));
    SchedulerHttpException e = failure(http::counts);
    assertThat(e.isRetryable()).isFalse();
    assertThat(e).hasMessageContaining("does another server listen at this port");
  }

  @Test
  void aPageThatEveryDaskHasIsMissingForGoodAndSaysWhatToLookAt() {
    SchedulerHttpException e = failure(http::counts);
    assertThat(e.status()).isEqualTo(404);
    assertThat(e.isRetryable()).isFalse();
    assertThat(e)
        .hasMessageContaining("every Dask scheduler has it")
        .hasMessageContaining("a prefix for its dashboard")
        .hasMessageNotContaining("DASK_DISTRIBUTED");
  }

  @Test
  void aRouteThatHasToBeTurnedOnIsNamedWithWhatTurnsItOn() {
    SchedulerHttpException e = failure(() -> http.retire(List.of("tcp://b:1")));
    assertThat(e.isRetryable()).isFalse();
    assertThat(e).hasMessageContaining("DASK_DISTRIBUTED__SCHEDULER__HTTP__ROUTES");
  }

  @Test
  void whatItSaysLosesItsControlCharactersAndIsCutOff() {
    String name = "a\\u0000\\u001b[31m\\nb" + "c".repeat(1_000);
    onWorkers(
        okJson(
            "{\"workers\": [{\"name\": \"%s\", \"address\": \"tcp://b:1\\r\\n\"}]}"
                .formatted(name)));
    SchedulerWorker worker = http.workers().orElseThrow().get(0);
    assertThat(worker.name()).startsWith("a [31m bccc").hasSize(256).endsWith("c…");
    assertThat(worker.address()).isEqualTo("tcp://b:1");

    SERVER.stubFor(
        get("/json/counts.json")
            .willReturn(aResponse().withStatus(503).withBody("no\r\nWARN: forged" + name)));
    assertThat(failure(http::counts).getMessage())
        .contains("no WARN: forged")
        .doesNotContain("\n", "\r")
        .hasSizeLessThan(500);
  }

  private static void onRetire(ResponseDefinitionBuilder answer) {
    SERVER.stubFor(post("/api/v1/retire_workers").willReturn(answer));
  }

  private static void onWorkers(ResponseDefinitionBuilder answer) {
    SERVER.stubFor(get("/api/v1/get_workers").willReturn(answer));
  }

  private static SchedulerHttpException failure(ThrowingCallable call) {
    return catchThrowableOfType(SchedulerHttpException.class, call);
  }
}
