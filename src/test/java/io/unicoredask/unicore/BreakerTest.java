package io.unicoredask.unicore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import feign.Client;
import feign.Request;
import feign.Response;
import io.unicoredask.Patience;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class BreakerTest {

  private static final URI BASE = URI.create("https://site.example/DEMO/rest/core");

  private static final SiteSettings SETTINGS =
      new SiteSettings(
          "demo", BASE, () -> "Basic x", null, Duration.ofSeconds(1), Duration.ofSeconds(1), null);

  private static final Request REQUEST =
      Request.create(
          Request.HttpMethod.GET, BASE + "/jobs/1", Map.of(), Request.Body.create(""), null);

  private Client network = BreakerTest::refused;
  private final List<Boolean> pauses = new ArrayList<>();
  private final SiteListener listener =
      new SiteListener() {
        @Override
        public void pausing(boolean pausing) {
          pauses.add(pausing);
        }
      };

  private int requests;
  private long now;

  private final Breaker breaker =
      new Breaker(
          (request, options) -> {
            requests++;
            return network.execute(request, options);
          },
          new SiteErrors(SETTINGS),
          listener,
          () -> now);

  @Test
  void aSiteThatDoesNotAnswerFiveTimesInARowIsLetAlone() {
    fail(4);
    network = (request, options) -> late();
    fail(1);

    UnicoreException failure = catchThrowableOfType(UnicoreException.class, this::request);

    assertThat(failure)
        .hasMessageStartingWith(
            "site 'demo', GET %s/jobs/1: no answer: HttpTimeoutException: too late.", BASE)
        .hasMessageContaining("this one was not made");
    assertThat(failure.isRetryable()).isTrue();
    assertThat(failure.status()).isZero();
    assertThat(requests).isEqualTo(5);
  }

  @Test
  void whoListensIsToldWhenAPauseBeginsAndWhenTheSiteAnswersAgain() throws IOException {
    fail(4);
    assertThat(pauses).isEmpty();
    fail(1);
    now += TimeUnit.SECONDS.toNanos(5);
    fail(1);
    assertThat(pauses).containsExactly(true);

    now += TimeUnit.SECONDS.toNanos(10);
    network = (request, options) -> answer(503);
    request();
    request();
    assertThat(pauses).containsExactly(true, false);
  }

  @Test
  void fourFailuresAreNotEnoughHoweverOften() throws IOException {
    for (int round = 0; round < 3; round++) {
      network = BreakerTest::refused;
      fail(4);
      network = (request, options) -> answer(503);
      request();
    }
    assertThat(requests).isEqualTo(15);
  }

  @Test
  void afterFiveSecondsOneRequestAtATimeFindsOutWhetherItAnswers() throws IOException {
    fail(5);
    now += TimeUnit.SECONDS.toNanos(5);
    network =
        (request, options) -> {
          assertLetAlone();
          return answer(503);
        };
    request();
    assertThat(requests).isEqualTo(6);

    network = BreakerTest::refused;
    fail(4);
    assertThat(requests).isEqualTo(10);
  }

  @Test
  void thePauseDoublesUpToHalfAMinute() {
    fail(5);
    for (int seconds : new int[] {5, 10, 20, 30, 30}) {
      now += TimeUnit.SECONDS.toNanos(seconds) - 1;
      assertLetAlone();
      now += 1;
      fail(1);
    }
    assertThat(requests).isEqualTo(10);
  }

  @Test
  void whatDoesNotPassByItselfIsNoReasonToLetItAlone() {
    network =
        (request, options) -> {
          throw new SSLHandshakeException("unable to find valid certification path");
        };
    fail(10);
    assertThat(requests).isEqualTo(10);
  }

  @Test
  void aCallerThatWasInterruptedSaysNothingOfTheSite() {
    network =
        (request, options) -> {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted");
        };
    fail(10);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(requests).isEqualTo(10);
  }

  @Test
  void aClientOfASiteThatIsNotThereStopsAskingIt() throws IOException {
    URI nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/S/rest/core");
    }
    UnicoreSite site =
        UnicoreSites.connect(
            new SiteSettings(
                "demo",
                nobody,
                UsernamePassword.of("u", "p"),
                null,
                Patience.LIMIT,
                Patience.LIMIT,
                null));
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(site::info).hasMessageNotContaining("not made");
    }
    assertThatThrownBy(site::info)
        .isInstanceOf(UnicoreException.class)
        .hasMessageContaining("no answer: ConnectException")
        .hasMessageContaining("not made");
  }

  private void assertLetAlone() {
    int before = requests;
    assertThatThrownBy(this::request).isInstanceOf(UnicoreException.class);
    assertThat(requests).isEqualTo(before);
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      assertThatThrownBy(this::request).isInstanceOf(IOException.class);
    }
  }

  private void request() throws IOException {
    breaker.execute(REQUEST, new Request.Options());
  }

  private static Response refused(Request request, Request.Options options) throws IOException {
    throw new ConnectException();
  }

  private static Response late() throws IOException {
    throw new HttpTimeoutException("too late");
  }

  private static Response answer(int status) {
    return Response.builder().request(REQUEST).status(status).headers(Map.of()).build();
  }
}
