package io.unicoredask.unicore;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import io.unicoredask.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a failed call says, and whether it says that a retry can help. */
class SiteErrorsTest {

  @RegisterExtension static final RecordedSite site = new RecordedSite();

  private final UnicoreSite client = site.client();
  private final ObjectNode job = new ObjectMapper().createObjectNode();

  @Test
  void anErrorNamesSiteCallCauseAndRemedy() {
    site.answersAllWith("08a-badpassword");
    assertThat(failureOf(client::info))
        .hasMessageStartingWith("site 'demo', GET " + site.url("") + ": HTTP 403, refused")
        .hasMessageContaining("Check the user 'demouser' and the password")
        .hasMessageNotContainingAny("null", RecordedSite.SECRET, "Basic ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "08a-badpassword",
        "08d-otheruser-job",
        "08g-unmapped-submit",
        "08o-prefs-bad",
        "11d-accept-none",
        "03i-submit-no-contenttype",
        "06e-abort-form",
        "03e-submit-malformed",
        "04i-jobs-num-negative",
        "31h-submit-into-nonalloc",
        "31i-alloc-submit-malformed",
        "32c-alloc-submit-after-abort",
        "08k-nosite",
        "08l-noservice"
      })
  void whatStaysWrongIsNotRetried(String sample) {
    site.answersAllWith(sample);
    assertThat(failureOf(() -> client.submit(job)).isRetryable()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"50b-ux-down", "50c-ux-down-forward", "08i-badsession"})
  void whatMayPassIsRetried(String sample) {
    site.answersAllWith(sample);
    assertThat(failureOf(() -> client.submit(job)).isRetryable()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"400,false", "429,true", "500,true", "502,true", "503,true", "504,true"})
  void aBareStatusSaysWhetherToRetry(int status, boolean retryable) {
    answer(aResponse().withStatus(status));
    UnicoreException failure = failureOf(() -> client.job(site.url("/jobs/x")));
    assertThat(failure.isRetryable()).isEqualTo(retryable);
    assertThat(failure.status()).isEqualTo(status);
    assertThat(failure.site()).isEqualTo("demo");
  }

  @Test
  void aRefusedJobDescriptionIsToldInTheSitesWords() {
    site.answers("03e-submit-malformed");
    assertThat(failureOf(() -> client.submit(job)))
        .hasMessageContaining("org.json.JSONException: Missing value at 19")
        .hasMessageContaining("Check the job description");
  }

  @Test
  void aRefusedAllocationIsToldInTheSitesWords() {
    site.answers("31h-submit-into-nonalloc", "32c-alloc-submit-after-abort");
    assertThat(failureOf(() -> client.submitInto(site.url("/jobs/EB3PejRrX0A"), job)))
        .hasMessageContaining("This job is not an allocation.");
    assertThat(failureOf(() -> client.submitInto(site.url("/jobs/Lg1pte64GXe"), job)))
        .hasMessageContaining("Allocation is not active. Status is DONE");
  }

  @Test
  void aFailureOfTheSitesOwnMayPass() {
    answer(aResponse().withStatus(500).withBody("{\"errorMessage\":\"TSI not available\"}"));
    UnicoreException failure = failureOf(() -> client.submit(job));
    assertThat(failure.isRetryable()).isTrue();
    assertThat(failure).hasMessageContaining("TSI not available");
  }

  @Test
  void theGatewaysReasonIsTold() {
    site.answers("50b-ux-down");
    assertThat(failureOf(client::info))
        .hasMessageContaining("Connect to https://localhost:7777 failed: Connection refused")
        .hasMessageContaining("operators");
  }

  @Test
  void aPageOfHtmlIsCutDownToItsWords() {
    site.answersAllWith("50c-ux-down-forward");
    assertThat(failureOf(client::info))
        .hasMessageContaining("java.net.ConnectException: Connection refused")
        .hasMessageNotContainingAny("<", "\n");
    answer(aResponse().withStatus(502).withBody("<p>" + "long ".repeat(10_000) + "</p>"));
    assertThat(failureOf(client::info).getMessage()).hasSizeLessThan(600);
  }

  @Test
  void aMissingJobIsItsOwnError() {
    site.answersAllWith("05h-job-unknown");
    assertThatThrownBy(() -> client.job(site.url("/jobs/doesnotexist")))
        .isInstanceOf(JobNotFoundException.class)
        .hasMessageContaining("/jobs/doesnotexist:");
    assertThatThrownBy(() -> client.submitInto(site.url("/jobs/doesnotexist"), job))
        .isInstanceOf(JobNotFoundException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"08k-nosite", "08l-noservice"})
  void aSiteThatItsGatewayHasForgottenDoesNotMeanThatTheJobIsGone(String sample) {
    site.answersAllWith(sample);
    URI running = site.url("/jobs/running");
    for (ThrowingCallable call :
        new ThrowingCallable[] {() -> client.job(running), () -> client.abort(running)}) {
      UnicoreException failure = failureOf(call);
      assertThat(failure).isNotInstanceOf(JobNotFoundException.class);
      assertThat(failure.isRetryable()).isTrue();
    }
    assertThat(failureOf(() -> client.file(site.url("/storages/s"), "dask.json")).status())
        .isEqualTo(404);
  }

  @Test
  void aWrongBaseUrlIsNotAMissingJob() {
    site.answersAllWith("05h-job-unknown");
    assertThat(failureOf(client::info))
        .isNotInstanceOf(JobNotFoundException.class)
        .hasMessageContaining("Check the site's base URL");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"<html><body>Please log in</body></html>", "{}", "", "[1]", "{\"jobs\":7"})
  void anAnswerThatMakesNoSenseIsAnErrorThatMayPass(String body) {
    answer(aResponse().withHeader("Content-Type", "application/json").withBody(body));
    for (ThrowingCallable call :
        new ThrowingCallable[] {
          client::info,
          () -> client.jobs("x"),
          () -> client.job(site.url("/jobs/x")),
          () -> client.storage(site.url("/storages/x"))
        }) {
      UnicoreException failure = failureOf(call);
      assertThat(failure.isRetryable()).isTrue();
      assertThat(failure).hasMessageContaining("makes no sense");
    }
  }

  @Test
  void aProxysPageIsNeverTakenForTheSitesAnswer() {
    answer(
        aResponse()
            .withHeader("Content-Type", "text/html;charset=utf-8")
            .withBody("<html><body>Please <b>log in</b></body></html>"));
    URI running = site.url("/jobs/x");
    for (ThrowingCallable call :
        new ThrowingCallable[] {
          client::info,
          () -> client.abort(running),
          () -> client.submit(job),
          () -> client.file(site.url("/storages/x"), "dask.json")
        }) {
      UnicoreException failure = failureOf(call);
      assertThat(failure.isRetryable()).isTrue();
      assertThat(failure).hasMessageContaining("Please log in").hasMessageNotContaining("<b>");
    }
  }

  @Test
  void aNewJobWithoutALocationIsAnErrorThatMayPass() {
    answer(aResponse().withStatus(201));
    UnicoreException failure = failureOf(() -> client.submit(job));
    assertThat(failure.isRetryable()).isTrue();
    assertThat(failure).hasMessageContaining("Location");
  }

  @Test
  void aSiteThatDoesNotAnswerTimesOut() {
    answer(aResponse().withFixedDelay(2_000));
    UnicoreException failure = failureOf(site.impatientClient()::info);
    assertThat(failure.isRetryable()).isTrue();
    assertThat(failure.status()).isZero();
    assertThat(failure).hasCauseInstanceOf(HttpTimeoutException.class);
  }

  @Test
  void anAnswerThatStopsHalfWayTimesOut() throws IOException {
    String half =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{";
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      URI baseUrl = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/S/rest/core");
      CompletableFuture<UnicoreException> failure =
          CompletableFuture.supplyAsync(
              () -> failureOf(client(baseUrl, () -> "Basic x", Duration.ofMillis(500))::info));
      try (Socket connection = socket.accept()) {
        connection.getOutputStream().write(half.getBytes(StandardCharsets.US_ASCII));
        assertThat(failure)
            .succeedsWithin(Patience.LIMIT)
            .satisfies(timeout -> assertThat(timeout.isRetryable()).isTrue())
            .extracting(Throwable::getMessage, STRING)
            .contains("did not end within 500 ms");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"EMPTY_RESPONSE", "CONNECTION_RESET_BY_PEER", "RANDOM_DATA_THEN_CLOSE"})
  void aConnectionThatBreaksMayHoldNextTime(Fault fault) {
    answer(aResponse().withFault(fault));
    UnicoreException failure = failureOf(() -> client.submit(job));
    assertThat(failure.isRetryable()).isTrue();
    assertThat(failure.status()).isZero();
    assertThat(failure).hasCauseInstanceOf(IOException.class);
    assertThat(site.requests()).as("a submit is never repeated here").hasSize(1);
  }

  @Test
  void aSiteThatIsNotThereMayComeBack() throws IOException {
    URI nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/S/rest/core");
    }
    UnicoreException failure = failureOf(client(nobody, UsernamePassword.of("u", "p"))::info);
    assertThat(failure.isRetryable()).isTrue();
    assertThat(failure.status()).isZero();
    assertThat(failure).hasMessageContaining("ConnectException").hasMessageContaining("Check host");
  }

  @Test
  void withoutACredentialNoRequestIsMade(@TempDir Path directory) {
    Path missing = directory.resolve("password");
    UnicoreException failure =
        failureOf(client(site.url(""), UsernamePassword.fromFile("u", missing))::info);
    assertThat(failure.isRetryable()).isFalse();
    assertThat(failure).hasMessageContaining(missing.toString());
    assertThat(site.requests()).isEmpty();
  }

  @Test
  void aRedirectIsNotFollowed() {
    answer(aResponse().withStatus(302).withHeader("Location", site.url("/x").toString()));
    assertThat(failureOf(client::info).isRetryable()).isFalse();
    assertThat(site.requests()).hasSize(1);
  }

  @Test
  void aForeignUrlIsRefusedBeforeAnyRequest() {
    RecordedSite foreign = new RecordedSite();
    try {
      foreign.answersAllWith("05-job-done");
      URI url = URI.create(foreign.url("").resolve("/OTHER-SITE/rest/core") + "/jobs/506WiWrh9Kk");
      for (ThrowingCallable call :
          new ThrowingCallable[] {
            () -> client.job(url),
            () -> client.abort(url),
            () -> client.submitInto(url, job),
            () -> client.storage(url),
            () -> client.file(url, "x"),
            () -> client.tail(url, "x", 1)
          }) {
        assertThat(failureOf(call)).hasMessageContaining("not below the site's base URL");
      }
      assertThat(foreign.requests()).isEmpty();
      assertThat(site.requests()).isEmpty();
    } finally {
      foreign.server().stop();
    }
  }

  @Test
  void aForeignUrlInAnAnswerIsRefused() {
    answer(
        aResponse()
            .withStatus(201)
            .withHeader("Location", "https://evil.example/OTHER-SITE/rest/core/jobs/1"));
    assertThat(failureOf(() -> client.submit(job))).hasMessageContaining("evil.example");
    answer(
        aResponse()
            .withBody(
                "{\"status\":\"RUNNING\",\"_links\":{\"workingDirectory\":{\"href\":"
                    + "\"https://evil.example/OTHER-SITE/rest/core/storages/1\"}}}"));
    assertThat(failureOf(() -> client.job(site.url("/jobs/1")))).hasMessageContaining("evil");
    answer(aResponse().withBody("{\"jobs\":[\"https://evil.example/\"]}"));
    assertThat(failureOf(client::jobs)).hasMessageContaining("evil.example");
  }

  @Test
  void settingsAndClientsShowNoSecret() {
    SiteSettings settings =
        new SiteSettings(
            "demo",
            site.url(""),
            new Talkative("Basic " + RecordedSite.SECRET),
            null,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            null);
    assertThat(settings.toString()).contains("demo").doesNotContain(RecordedSite.SECRET);
    assertThat(UnicoreSites.connect(settings).toString()).doesNotContain(RecordedSite.SECRET);
    URI withPassword = URI.create("https://me:" + RecordedSite.SECRET + "@host/S/rest/core");
    assertThatThrownBy(() -> client(withPassword, () -> "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining(RecordedSite.SECRET);
    assertThat(failureOf(() -> client.job(withPassword)))
        .hasMessageNotContaining(RecordedSite.SECRET);
  }

  private record Talkative(String authorization) implements Credential {}

  @Test
  void aTimeoutOfNothingIsRefused() {
    assertThatThrownBy(() -> site.settings(Duration.ZERO, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("readTimeout");
    assertThatCode(() -> site.settings(Duration.ofMillis(1), null)).doesNotThrowAnyException();
  }

  private static UnicoreSite client(URI baseUrl, Credential credential) {
    return client(baseUrl, credential, Patience.LIMIT);
  }

  private static UnicoreSite client(URI baseUrl, Credential credential, Duration readTimeout) {
    return UnicoreSites.connect(
        new SiteSettings("demo", baseUrl, credential, null, Patience.LIMIT, readTimeout, null));
  }

  private static void answer(ResponseDefinitionBuilder answer) {
    site.server().stubFor(any(anyUrl()).willReturn(answer));
  }

  private static UnicoreException failureOf(ThrowingCallable call) {
    UnicoreException failure = catchThrowableOfType(UnicoreException.class, call);
    assertThat(failure).as("the call succeeded").isNotNull();
    return failure;
  }
}
