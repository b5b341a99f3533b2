package io.unicoredask.endtoend;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.extension.Parameters;
import com.github.tomakehurst.wiremock.extension.ServeEventListener;
import com.github.tomakehurst.wiremock.http.HttpHeader;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.unicoredask.HistoricVariables;
import io.unicoredask.Patience;
import io.unicoredask.application.UnicoreDaskApplication;
import io.unicoredask.localsite.LocalSite;
import io.unicoredask.localsite.LocalSiteSettings;
import io.unicoredask.localsite.LocalSiteSettings.Application;
import io.unicoredask.unicore.JobStatus;
import io.unicoredask.unicore.SiteSettings;
import io.unicoredask.unicore.UnicoreSite;
import io.unicoredask.unicore.UnicoreSites;
import io.unicoredask.unicore.UsernamePassword;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.RuntimeService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;

/**
 * An engine that looks at its clusters once an hour by itself, and a site that tells it what
 * becomes of their jobs. Both are behind one server, which notes what each is asked.
 */
class NotificationsTest {

  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final String CORE = "/LOCAL-SITE/rest/core/";

  /** For each test one, of one node. */
  private static final List<String> QUEUES = List.of("one", "two", "three");

  @TempDir private static Path directory;

  private static final List<ServletWebServerApplicationContext> ENGINES = new ArrayList<>();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final WireMockServer FRONT =
      new WireMockServer(
          WireMockConfiguration.wireMockConfig().dynamicPort().extensions(new OnceQueued()));
  private static final Iterator<String> UNUSED = QUEUES.iterator();
  private static LocalSite site;
  private static UnicoreSite client;
  private static ServletWebServerApplicationContext engine;

  /**
   * Tells the engine of a submission only once the job is queued: it looks then, and not again for
   * an hour.
   */
  private static final class OnceQueued implements ServeEventListener {

    @Override
    public void beforeResponseSent(ServeEvent event, Parameters parameters) {
      HttpHeader job = event.getResponse().getHeaders().getHeader("Location");
      if (job.isPresent()) {
        URI submitted = client.relative(URI.create(job.firstValue()));
        await().atMost(LIMIT).until(() -> client.job(submitted).status() == JobStatus.QUEUED);
      }
    }

    @Override
    public String getName() {
      return "once-queued";
    }
  }

  private final String queue = UNUSED.next();
  private URI somebodyElses;

  @BeforeAll
  static void startASiteAndAnEngine() throws Exception {
    Application stays = new Application("1", "sh -c 'exec sleep 600'");
    LocalSiteSettings.Builder settings =
        LocalSiteSettings.builder()
            .tls(false)
            .user("demouser")
            .user("eve")
            .stateLag(Duration.ofMillis(100))
            .application("dask-scheduler", stays)
            .application("dask-worker", stays);
    QUEUES.forEach(queue -> settings.queue(queue, 1));
    site = LocalSite.start(settings.build());
    client =
        UnicoreSites.connect(
            new SiteSettings(
                "local",
                site.baseUrl(),
                UsernamePassword.fromFile(site.user(), site.passwordFile()),
                null,
                Patience.LIMIT,
                Duration.ofSeconds(30),
                null));
    FRONT.start();
    FRONT.stubFor(
        any(urlPathMatching(CORE.replaceFirst("/$", "") + ".*"))
            .willReturn(aResponse().proxiedFrom(origin(site.baseUrl()))));
    engine = start("leading");
    FRONT.stubFor(
        any(urlPathMatching("/engine/.*"))
            .willReturn(
                aResponse().proxiedFrom(origin(engine)).withProxyUrlPrefixToRemove("/engine")));
  }

  @AfterAll
  static void stop() {
    ENGINES.forEach(ServletWebServerApplicationContext::close);
    FRONT.stop();
    site.close();
  }

  @BeforeEach
  void takeTheOnlyNode() {
    ObjectNode job = new ObjectMapper().createObjectNode().put("Executable", "sleep 3600");
    job.withObject("/Resources").put("Queue", queue);
    somebodyElses = client.submit(job);
  }

  private static ServletWebServerApplicationContext start(String home) {
    String local = "--unicore-dask.sites.local.";
    ServletWebServerApplicationContext started =
        (ServletWebServerApplicationContext)
            new SpringApplicationBuilder(UnicoreDaskApplication.class)
                .registerShutdownHook(false)
                .run(
                    // They are one a JVM, and would be gone for the application of all tests.
                    "--camunda.bpm.webapp.enabled=false",
                    "--server.port=0",
                    "--application.home=" + directory.resolve(home),
                    "--spring.datasource.url=jdbc:h2:mem:notifications;DB_CLOSE_DELAY=-1",
                    "--camunda.bpm.generate-unique-process-engine-name=true",
                    "--camunda.bpm.generate-unique-process-application-name=true",
                    local + "url=" + FRONT.baseUrl() + CORE.replaceFirst("/$", ""),
                    local + "username=" + site.user(),
                    local + "password-file=" + site.passwordFile(),
                    "--unicore-dask.watch.shortest=1h",
                    "--unicore-dask.watch.longest=1h",
                    "--unicore-dask.sweep.interval=1h",
                    "--unicore-dask.notifications.url="
                        + FRONT.baseUrl()
                        + "/engine/unicore-dask/notifications");
    ENGINES.add(started);
    return started;
  }

  @Test
  void theStartOfAQueuedJobIsNoticedWhenTheSiteTellsOfIt() {
    String cluster = startCluster();
    URI job = queued(cluster);

    client.abort(somebodyElses);
    await().atMost(LIMIT).until(() -> hasPassed(cluster, "StartScheduler"));

    assertThat(notifications(job)).isPositive();
    assertThat(looksAt(job)).isPositive();
  }

  @Test
  void whatIsForgedHasNoJobLookedAt() throws Exception {
    URI job = queued(startCluster());
    int before = looksAt(job);

    for (String token : forged()) {
      assertThat(tell(engine, job, token)).as(token).isEqualTo(401);
    }
    assertThat(tell(engine, URI.create("jobs/unknown"), token("demouser"))).isEqualTo(204);
    assertThat(tell(engine, job, token("demouser"))).isEqualTo(204);

    await().atMost(LIMIT).until(() -> looksAt(job) > before);
    assertThat(looksAt(job)).as("the one look that the site has asked for").isEqualTo(before + 1);
  }

  @Test
  void aNodeThatDoesNotLookAfterTheClustersPassesItOn() throws Exception {
    URI job = queued(startCluster());
    int before = looksAt(job);
    ServletWebServerApplicationContext another = start("another");

    assertThat(tell(another, job, token("eve"))).isEqualTo(401);
    assertThat(tell(another, job, token("demouser"))).isEqualTo(204);

    await().atMost(LIMIT).until(() -> looksAt(job) > before);
  }

  private String startCluster() {
    return engine
        .getBean(RuntimeService.class)
        .startProcessInstanceByKey("dask-cluster", Map.of("localPort", 0, "queue", queue))
        .getId();
  }

  /** The scheduler's job, when the engine has seen that it is queued and looks no more. */
  private URI queued(String cluster) {
    await()
        .atMost(LIMIT)
        .until(() -> "scheduler job QUEUED".equals(variable(cluster, "clusterProgress")));
    return client.relative(URI.create(variable(cluster, "schedulerJobUrl").toString()));
  }

  private List<String> forged() throws Exception {
    Instant now = Instant.now();
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer("CN=localhost")
            .subject("CN=demouser,O=UNICORE,C=EU")
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plusSeconds(300)))
            .build();
    SignedJWT another = new SignedJWT(new JWSHeader(JWSAlgorithm.ES256), claims);
    KeyPairGenerator keys = KeyPairGenerator.getInstance("EC");
    keys.initialize(256);
    another.sign(new ECDSASigner((ECPrivateKey) keys.generateKeyPair().getPrivate()));
    SignedJWT hmac = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
    hmac.sign(new MACSigner(client.certificate().getPublicKey().getEncoded()));
    return List.of(
        another.serialize(),
        hmac.serialize(),
        new PlainJWT(claims).serialize(),
        token("eve"),
        "garbage");
  }

  /** A token that the site has signed for one of its users, as that of a notification is. */
  private String token(String user) throws Exception {
    String basic = UsernamePassword.fromFile(user, site.passwordFile(user)).authorization();
    return HTTP.send(
            HttpRequest.newBuilder(URI.create(site.baseUrl() + "/token"))
                .header("Authorization", basic)
                .header("Accept", "text/plain")
                .build(),
            BodyHandlers.ofString())
        .body();
  }

  private int tell(ServletWebServerApplicationContext engine, URI job, String token)
      throws Exception {
    String body = "{\"href\": \"%s/%s\", \"status\": \"RUNNING\"}".formatted(site.baseUrl(), job);
    return HTTP.send(
            HttpRequest.newBuilder(URI.create(origin(engine) + "/unicore-dask/notifications/local"))
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  private int looksAt(URI job) {
    return FRONT
        .countRequestsMatching(getRequestedFor(urlPathMatching(CORE + job + "(/details)?")).build())
        .getCount();
  }

  private static int notifications(URI job) {
    return FRONT
        .countRequestsMatching(
            postRequestedFor(urlPathEqualTo("/engine/unicore-dask/notifications/local"))
                .withRequestBody(containing(job.toString()))
                .build())
        .getCount();
  }

  private boolean hasPassed(String cluster, String activity) {
    return engine
            .getBean(HistoryService.class)
            .createHistoricActivityInstanceQuery()
            .processInstanceId(cluster)
            .activityId(activity)
            .finished()
            .count()
        > 0;
  }

  private Object variable(String cluster, String name) {
    return HistoricVariables.last(engine.getBean(HistoryService.class), cluster, name);
  }

  private static String origin(URI url) {
    return "http://%s:%d".formatted(url.getHost(), url.getPort());
  }

  private static String origin(ServletWebServerApplicationContext engine) {
    return "http://127.0.0.1:" + engine.getWebServer().getPort();
  }
}
