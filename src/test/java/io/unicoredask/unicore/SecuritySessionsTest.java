package io.unicoredask.unicore;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import com.sun.net.httpserver.HttpServer;
import feign.Client;
import feign.Request;
import feign.Response;
import io.unicoredask.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When a security session takes the place of the credential, and when it no longer does. */
class SecuritySessionsTest {

  @RegisterExtension static final RecordedSite site = new RecordedSite();

  private static final String SESSION = "X-UNICORE-SecuritySession";
  private static final String OF_BASE = "0e1ef3f3-4b9f-427f-960c-3298aca63e81";
  private static final String BASIC =
      "Basic "
          + Base64.getEncoder()
              .encodeToString(("demouser:" + RecordedSite.SECRET).getBytes(StandardCharsets.UTF_8));

  private final UnicoreSite client = site.client();

  @Test
  void theFirstRequestAuthenticatesAndTheNextOnesUseItsSession() {
    site.answers("01-base");
    client.info();
    client.info();
    client.info();
    assertThat(credentialsSent()).containsExactly(BASIC, OF_BASE, OF_BASE);
  }

  @Test
  void aSessionThatIsGoneIsReplacedByOneRepetitionOfTheCall() {
    site.answers("01-base");
    client.info();
    site.server()
        .stubFor(
            any(anyUrl())
                .withHeader(SESSION, equalTo(OF_BASE))
                .willReturn(site.answer("08i-badsession")));
    site.server().resetRequests();
    site.answers("05-job-done");
    site.server()
        .stubFor(
            site.recorded("05-job-done")
                .withHeader(SESSION, equalTo(OF_BASE))
                .willReturn(site.answer("08i-badsession")));
    assertThat(client.job(site.url("/jobs/506WiWrh9Kk")).status()).isEqualTo(JobStatus.SUCCESSFUL);
    assertThat(credentialsSent()).containsExactly(OF_BASE, BASIC);
    client.job(site.url("/jobs/506WiWrh9Kk"));
    assertThat(credentialsSent())
        .containsExactly(OF_BASE, BASIC, "cf4e2ede-1969-4e1a-b200-eedcb54b7fff");
  }

  @Test
  void aSiteThatRefusesEverySessionIsAskedTwiceAndNoMore() {
    site.answers("01-base");
    client.info();
    site.server().resetRequests();
    site.answersAllWith("08i-badsession");
    assertThatThrownBy(client::info)
        .isInstanceOfSatisfying(
            UnicoreException.class, failure -> assertThat(failure.isRetryable()).isTrue());
    assertThat(credentialsSent()).containsExactly(OF_BASE, BASIC);
  }

  @Test
  void aRefusalEndsTheSession() {
    site.answers("01-base", "08d-otheruser-job");
    client.info();
    assertThatThrownBy(() -> client.job(site.url("/jobs/506WiWrh9Kk")))
        .isInstanceOf(UnicoreException.class);
    client.info();
    assertThat(credentialsSent()).containsExactly(BASIC, OF_BASE, BASIC);
  }

  @Test
  void theSessionOfARefusalIsNotKept() {
    site.answers("08d-otheruser-job", "01-base");
    assertThatThrownBy(() -> client.job(site.url("/jobs/506WiWrh9Kk")))
        .isInstanceOf(UnicoreException.class);
    client.info();
    assertThat(credentialsSent()).containsExactly(BASIC, BASIC);
  }

  @Test
  void theSessionOfAnAnonymousAnswerIsNotKept() {
    site.answers("01d-base-anonymous");
    assertThatThrownBy(client::info).isInstanceOf(UnicoreException.class);
    site.answers("01-base");
    client.info();
    assertThat(credentialsSent()).containsExactly(BASIC, BASIC);
  }

  @Test
  void theSessionOfAnAnonymousListingIsNotKept() {
    site.answers("08c-anonymous-jobs", "01d-base-anonymous");
    assertThatThrownBy(client::jobs).isInstanceOf(UnicoreException.class);
    site.server().resetRequests();
    site.answers("01-base");
    client.info();
    assertThat(credentialsSent()).containsExactly(BASIC);
  }

  @Test
  void aTokenThatIsRefusedIsGotAnewOnce() {
    Renewable renewable = new Renewable();
    UnicoreSite renewing = UnicoreSites.connect(site.settingsWith(Patience.LIMIT, renewable));
    site.answers("01-base");
    site.server()
        .stubFor(
            any(anyUrl())
                .withHeader("Authorization", equalTo("Bearer 1"))
                .willReturn(site.answer("08a-badpassword")));
    assertThat(renewing.info().uid()).isEqualTo("demouser");
    assertThat(credentialsSent()).containsExactly("Bearer 1", "Bearer 2");

    site.server().resetRequests();
    site.answersAllWith("08a-badpassword");
    assertThatThrownBy(renewing::info).hasMessageContaining("HTTP 403");
    assertThatThrownBy(renewing::info).hasMessageContaining("HTTP 403");
    assertThat(credentialsSent()).containsExactly(OF_BASE, "Bearer 2", "Bearer 3");
  }

  @Test
  void aTokenThatNobodyKnowsIsGotAnewForTheNextCall() {
    UnicoreSite renewing = UnicoreSites.connect(site.settingsWith(Patience.LIMIT, new Renewable()));
    site.answers("01d-base-anonymous");
    assertThatThrownBy(renewing::info).hasMessageContaining("takes us for anonymous");
    assertThatThrownBy(renewing::info).hasMessageContaining("takes us for anonymous");
    assertThat(credentialsSent()).containsExactly("Bearer 1", "Bearer 2");
  }

  /** As one whose tokens are so old that they may be renewed. */
  private static final class Renewable implements Credential {
    private int token = 1;

    @Override
    public String authorization() {
      return "Bearer " + token;
    }

    @Override
    public boolean renew() {
      token++;
      return true;
    }
  }

  @Test
  void authenticationOutsideThisClientIsNeverASession() {
    site.answers("01-base");
    UnicoreSite preferring = site.clientWithPreferences("uid:demouser");
    preferring.info();
    assertThat(preferring.authentication())
        .containsExactly(
            entry("Authorization", BASIC), entry("X-UNICORE-User-Preferences", "uid:demouser"));
    assertThat(client.authentication()).containsOnlyKeys("Authorization");
  }

  @Test
  void preferencesGoWithEveryRequest() {
    site.answers("01-base");
    UnicoreSite preferring = site.clientWithPreferences("uid:demouser");
    preferring.info();
    preferring.info();
    assertThat(site.requests())
        .hasSize(2)
        .allSatisfy(
            request ->
                assertThat(request.getHeader("X-UNICORE-User-Preferences"))
                    .isEqualTo("uid:demouser"));
  }

  @Test
  void aSessionIsUsedToTheEndOfItsLifetime() throws IOException {
    Instant[] now = {Instant.EPOCH};
    Clock clock =
        new Clock() {
          @Override
          public ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }

          @Override
          public Instant instant() {
            return now[0];
          }
        };
    List<Map<String, Collection<String>>> sent = new ArrayList<>();
    Client server =
        (request, options) -> {
          sent.add(request.headers());
          return Response.builder()
              .request(request)
              .status(200)
              .headers(Map.of(SESSION, List.of("s"), SESSION + "-Lifetime", List.of("1000")))
              .build();
        };
    SiteSettings settings = site.settings(Duration.ofSeconds(1), null);
    SecuritySessions sessions =
        new SecuritySessions(server, settings, new SiteErrors(settings), clock);
    Request request =
        Request.create(
            Request.HttpMethod.GET,
            site.url("").toString(),
            Map.of(),
            null,
            StandardCharsets.UTF_8,
            null);
    for (long millis : new long[] {0, 999, 1000, 1001}) {
      now[0] = Instant.ofEpochMilli(millis);
      sessions.execute(request, new Request.Options());
    }
    assertThat(sent)
        .extracting(headers -> headers.keySet().iterator().next())
        .containsExactly("Authorization", SESSION, "Authorization", SESSION);
  }

  /** The site keeps five sessions, as the real one does, and forgets some of them now and then. */
  @Test
  void manyThreadsShareASessionThatTheSiteMayDropAtAnyTime() throws Exception {
    Deque<String> known = new ConcurrentLinkedDeque<>();
    AtomicInteger authenticated = new AtomicInteger();
    AtomicInteger requests = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ExecutorService serving = Executors.newFixedThreadPool(4);
    server.setExecutor(serving);
    server.createContext(
        "/",
        exchange -> {
          if (requests.incrementAndGet() % 97 == 0) {
            known.clear();
          }
          String session = exchange.getRequestHeaders().getFirst(SESSION);
          if (session != null && !known.contains(session)) {
            exchange.sendResponseHeaders(432, -1);
          } else {
            if (session == null) {
              authenticated.incrementAndGet();
              String id = UUID.randomUUID().toString();
              known.addFirst(id);
              if (known.size() > 5) {
                known.pollLast();
              }
              exchange.getResponseHeaders().set(SESSION, id);
              exchange.getResponseHeaders().set(SESSION + "-Lifetime", "10000");
            }
            exchange.sendResponseHeaders(204, -1);
          }
          exchange.close();
        });
    server.start();
    ExecutorService calling = Executors.newFixedThreadPool(4);
    try {
      UnicoreSite shared =
          UnicoreSites.connect(
              new SiteSettings(
                  "demo",
                  URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/S/rest/core"),
                  UsernamePassword.of("u", "p"),
                  null,
                  Patience.LIMIT,
                  Patience.LIMIT,
                  null));
      List<Callable<Void>> calls = new ArrayList<>();
      for (int call = 0; call < 800; call++) {
        URI job = URI.create(shared.baseUrl() + "/jobs/" + call);
        calls.add(
            () -> {
              shared.abort(job);
              return null;
            });
      }
      for (Future<Void> answer : calling.invokeAll(calls)) {
        answer.get();
      }
      assertThat(authenticated.get()).isLessThan(200);
    } finally {
      server.stop(0);
      calling.shutdownNow();
      serving.shutdownNow();
    }
  }

  private static List<String> credentialsSent() {
    return site.requests().stream().map(SecuritySessionsTest::credentialOf).toList();
  }

  private static String credentialOf(LoggedRequest request) {
    boolean both = request.containsHeader("Authorization") && request.containsHeader(SESSION);
    assertThat(both).as("a request with session and credential").isFalse();
    return request.containsHeader(SESSION)
        ? request.getHeader(SESSION)
        : request.getHeader("Authorization");
  }
}
