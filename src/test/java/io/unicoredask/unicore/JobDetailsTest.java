package io.unicoredask.unicore;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the batch system says of a job, as a real Slurm did through a real UNICORE. */
class JobDetailsTest {

  @RegisterExtension static final RecordedSite site = new RecordedSite();

  private static final Instant SUBMITTED = Instant.parse("2026-11-25T10:48:00Z");

  private final UnicoreSite client = site.client();

  @Test
  void aJobThatRunsHasAStartAndAnEnd() {
    JobDetails details = recorded("26a-details-running", "CnS9Dja8alw", "151");

    assertThat(details.state()).isEqualTo(BatchState.RUNNING);
    assertThat(details.reason()).isNull();
    assertThat(details.start()).isEqualTo("2026-11-25T10:48:00Z");
    assertThat(details.end()).isEqualTo("2026-11-25T10:51:00Z");
    assertThat(details.timeLimit()).isEqualTo(Duration.ofMinutes(3));
  }

  @Test
  void aJobThatWaitsSaysWhyAndUntilWhen() {
    JobDetails details = recorded("26b-details-pending", "3GZqlwdsf5K", null);

    assertThat(details.state()).isEqualTo(BatchState.WAITING);
    assertThat(details.reason()).isEqualTo("Resources");
    assertThat(details.start()).isEqualTo("2026-11-25T10:51:00Z");
  }

  @ParameterizedTest
  @CsvSource({
    "26d-details-cancelled, CnS9Dja8alw, CANCELLED",
    "26h-details-timeout, 84hpQn1xmfX, TIME_LIMIT",
    "26l-details-completed, 24KpuMQ8sEs, COMPLETED"
  })
  void aJobThatIsOverSaysHowItEnded(String recording, String id, BatchState state) {
    JobDetails details = recorded(recording, id, null);

    assertThat(details.state()).isEqualTo(state);
    assertThat(details.state().isOver()).isTrue();
    assertThat(details.exitCode()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"26m-details-login-node, G33BUK0ULFD", "26n-details-forgotten, 9XdjTnCHwka"})
  void aJobThatIsInNoQueueAnyMoreSaysNothing(String recording, String id) {
    site.answers(recording);

    assertThat(client.details(URI.create("jobs/" + id), job(null))).isEmpty();
  }

  @Test
  void theWordsOfAnotherJobCountForNothing() {
    assertThat(read(Map.of("JobState", "FAILED", "JobId", "7"), "8")).isNull();
    assertThat(read(Map.of("JobState", "FAILED", "JobId", "7"), "7")).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "PENDING, WAITING, false",
    "CONFIGURING, WAITING, false",
    "SUSPENDED, RUNNING, false",
    "COMPLETING, ENDING, false",
    "FAILED, FAILED, true",
    "CANCELLED by 1001, CANCELLED, true",
    "PREEMPTED, PREEMPTED, true",
    "OUT_OF_MEMORY, OUT_OF_MEMORY, true",
    "NODE_FAIL, NODE_FAILURE, true",
    "DEADLINE, TIME_LIMIT, true"
  })
  void slurmsWordsAreKnown(String word, BatchState state, boolean over) {
    JobDetails details = read(Map.of("JobState", word), null);

    assertThat(details.state()).isEqualTo(state);
    assertThat(details.state().isOver()).isEqualTo(over);
  }

  @ParameterizedTest
  @CsvSource({
    "00:03:00, PT3M",
    "1-02:00:00, PT26H",
    "30:00, PT30M",
    "UNLIMITED,",
    "Partition_Limit,",
    "99999999:00:00,"
  })
  void aTimeLimitIsRead(String text, Duration limit) {
    assertThat(read(Map.of("JobState", "RUNNING", "TimeLimit", text), null).timeLimit())
        .isEqualTo(limit);
  }

  /** UNICORE submits a job some seconds after it took it, and knows its zone. */
  @ParameterizedTest
  @CsvSource({
    "2026-11-25T11:48:07, 2026-11-25T12:00:00, 2026-11-25T11:00:00Z",
    "2026-11-25T16:18:02, 2026-11-25T16:30:00, 2026-11-25T11:00:00Z",
    "2026-11-25T05:48:00, 2026-11-25T06:00:00, 2026-11-25T11:00:00Z",
    "N/A, 2026-11-25T06:00:00,",
    "2026-11-25T10:48:00, Unknown,",
    "2026-11-25T10:48:00, tomorrow,",
    "2006-11-25T10:48:00, 2026-11-25T06:00:00,"
  })
  void timesAreThoseOfTheSitesZone(String submitted, String start, Instant meant) {
    Map<String, String> answer =
        Map.of("JobState", "PENDING", "SubmitTime", submitted, "StartTime", start);

    assertThat(read(answer, null).start()).isEqualTo(meant);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "null",
        "<html><body>Please log in</body></html>",
        "{\"JobState\": {\"nested\": [1]}}",
        "{\"JobState\": null}",
        "{\"rawDetailsData\": \"job_state = R\"}",
        "{\"job_state\": \"R\"}"
      })
  void whatIsNotInSlurmsWordsSaysNothing(String body) {
    answers(200, body);

    assertThat(client.details(URI.create("jobs/1"), job(null))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 404, 405, 500, 501})
  void aSiteThatDoesNotTellSaysNothing(int status) {
    answers(status, "{\"errorMessage\": \"no\", \"status\": %d}".formatted(status));

    assertThat(client.details(URI.create("jobs/1"), job(null))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void aSiteThatIsAwayIsAnErrorThatMayPass(int status) {
    answers(status, "");

    assertThatThrownBy(() -> client.details(URI.create("jobs/1"), job(null)))
        .isInstanceOfSatisfying(UnicoreException.class, e -> assertThat(e.isRetryable()).isTrue());
  }

  @Test
  void howLongAJobQueuedIsKnownOnceItHasBegun() {
    Map<String, String> times =
        Map.of("SubmitTime", "2026-11-25T10:48:00", "StartTime", "2026-11-25T11:00:30");

    assertThat(with(times, "RUNNING").queued()).isEqualTo(Duration.ofSeconds(750));
    assertThat(with(times, "PENDING").queued()).isNull();
  }

  @Test
  void aJobThatWasNeverReadHasTheZoneOfOthers() {
    site.answers("26a-details-running");
    URI url = URI.create("jobs/CnS9Dja8alw");
    assertThat(client.details(url, null).orElseThrow().end()).isNull();

    client.details(url, job("151"));
    assertThat(client.details(url, null).orElseThrow().end()).isEqualTo("2026-11-25T10:51:00Z");
  }

  private static JobDetails with(Map<String, String> times, String state) {
    Map<String, String> answer = new HashMap<>(times);
    answer.put("JobState", state);
    return read(answer, null);
  }

  private static void answers(int status, String body) {
    site.server()
        .stubFor(
            any(urlPathEqualTo("/DEMO-SITE/rest/core/jobs/1/details"))
                .willReturn(
                    aResponse()
                        .withStatus(status)
                        .withHeader(
                            "Content-Type", body.startsWith("<") ? "text/html" : "application/json")
                        .withBody(body)));
  }

  private JobDetails recorded(String recording, String id, String batchSystemId) {
    site.answers(recording);
    return client.details(URI.create("jobs/" + id), job(batchSystemId)).orElseThrow();
  }

  private static JobDetails read(Map<String, String> answer, String batchSystemId) {
    return JobDetails.read(answer, batchSystemId, JobDetails.zone(answer, SUBMITTED)).orElse(null);
  }

  private static Job job(String batchSystemId) {
    return new Job(
        JobStatus.QUEUED,
        "",
        null,
        batchSystemId,
        "BATCH",
        "batch",
        SUBMITTED,
        List.of(),
        null,
        null);
  }
}
