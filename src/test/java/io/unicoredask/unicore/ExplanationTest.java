package io.unicoredask.unicore;

import static org.assertj.core.api.Assertions.assertThat;

import feign.Request;
import feign.Response;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is shown of an error by its beginning: the cause, and what to do about it. */
class ExplanationTest {

  /** More is not to be seen at a glance. */
  private static final int SHOWN = 200;

  private static final Pattern REMEDY =
      Pattern.compile("\\b(Check|Try again|Give those|Delete|See whether|Ask|in some seconds)\\b");

  private static final URI BASE =
      URI.create("https://a-gateway-with-a-long-name.hpc.example.org:8080/A-SITE/rest/core");

  private static final SiteSettings SETTINGS =
      new SiteSettings(
          "demo", BASE, () -> "Basic x", null, Duration.ofSeconds(1), Duration.ofSeconds(1), null);

  private static final SiteErrors ERRORS = new SiteErrors(SETTINGS);

  private static final Request REQUEST =
      Request.create(
          Request.HttpMethod.GET,
          BASE + "/jobs/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
          Map.of(),
          Request.Body.create(""),
          null);

  @ParameterizedTest
  @MethodSource
  void causeAndRemedyComeFirstThenWhatTheSiteSaidThenWhere(UnicoreException error) {
    String text = error.explanation();
    Matcher remedy = REMEDY.matcher(text);

    assertThat(remedy.find()).as("a remedy in: %s", text).isTrue();
    assertThat(remedy.start()).as("of the remedy in: %s", text).isBetween(5, SHOWN);
    assertThat(text).doesNotStartWith("site").doesNotStartWith("HTTP").doesNotStartWith("GET");
    assertThat(text.indexOf(error.site() + "'")).as(text).isGreaterThan(remedy.start());
    assertThat(text.indexOf("https://")).as(text).isGreaterThan(remedy.start());
    if (text.contains("said by the site")) {
      assertThat(text.indexOf("said by the site")).isGreaterThan(remedy.start());
    }
  }

  static Stream<UnicoreException> causeAndRemedyComeFirstThenWhatTheSiteSaidThenWhere() {
    Stream<UnicoreException> answers =
        Stream.of(302, 400, 401, 403, 404, 407, 409, 429, 432, 500, 502, 503, 504)
            .flatMap(status -> Stream.of(answer(status, json()), answer(status, html())));
    Stream<UnicoreException> none =
        Stream.of(
                new ConnectException("Connection refused"),
                new HttpTimeoutException("request timed out"),
                new EOFException("EOF reached while reading"),
                new SSLHandshakeException("PKIX path building failed"))
            .map(failure -> ERRORS.unreachable(REQUEST, failure));
    return Stream.of(
            answers,
            none,
            Stream.of(
                ERRORS.notAsked(REQUEST, 5, new IOException("too late")),
                ERRORS.tooLarge(REQUEST, 200, 1000),
                new JobNotFoundException("demo", URI.create(REQUEST.url())),
                new NoHomeException("demo", BASE, List.of(URI.create("storages/SCRATCH")))))
        .flatMap(all -> all);
  }

  @Test
  void whatIsWrongWithSomebodysOwnCredentialBeginsWithWhoseItIs() {
    UnicoreException error =
        new UserCredentialException("demo", "ada", "GET " + BASE, 403, false, "refused. Check it");

    assertThat(error.explanation())
        .startsWith("The credential of user 'ada' for site 'demo': refused. Check it");
  }

  private static UnicoreException answer(int status, String body) {
    Response answer =
        Response.builder()
            .status(status)
            .request(REQUEST)
            .headers(Map.of())
            .body(body, StandardCharsets.UTF_8)
            .build();
    return (UnicoreException) ERRORS.decode("method", answer);
  }

  private static String json() {
    return "{\"errorMessage\": \"said by the site %s\"}".formatted("at length ".repeat(50));
  }

  private static String html() {
    return "<html><body>said by the site %s</body></html>".formatted("at length ".repeat(50));
  }
}
