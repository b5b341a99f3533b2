package io.unicoredask.localsite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the site tells a URL about a job. */
class NotificationTest {
  private static LocalSite site;
  private static SiteClient client;

  private final List<JsonNode> received = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private HttpServer listener;
  private String url;
  private volatile int answer = 200;

  @BeforeAll
  static void start() throws IOException {
    site = LocalSite.start(LocalSiteSettings.builder().stateLag(Duration.ofMillis(100)).build());
    client = SiteClient.of(site);
  }

  @AfterAll
  static void stop() {
    site.close();
  }

  @BeforeEach
  void listen() throws IOException {
    listener = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    listener.createContext(
        "/",
        exchange -> {
          authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
          received.add(SiteClient.read(exchange.getRequestBody().readAllBytes()));
          exchange.sendResponseHeaders(answer, -1);
          exchange.close();
        });
    listener.start();
    url = "http://127.0.0.1:" + listener.getAddress().getPort() + "/notify";
  }

  @AfterEach
  void close() {
    listener.stop(0);
  }

  @Test
  void aJobTellsThatItRunsAndThatItHasEnded() {
    String job = client.submit("{'Executable':'sleep 0.5','Notification':'" + url + "'}");

    await().until(() -> received.size() == 2);
    assertThat(received)
        .extracting(message -> message.get("status").asText())
        .containsExactly("RUNNING", "SUCCESSFUL");
    JsonNode last = received.get(1);
    assertThat(last.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("href", "status", "statusMessage", "batchSystemID", "exitCode");
    assertThat(last.get("href").asText()).isEqualTo(job);
    assertThat(last.get("exitCode").asText()).isEqualTo("0");
    await().until(() -> client.json(job).get("log").toString().contains("Notified <" + url + ">"));
  }

  @Test
  void theSiteSignsForTheUser() {
    client.submit("{'Executable':'date','Notification':'" + url + "'}");

    await().until(() -> !authorizations.isEmpty());
    assertThat(new SiteClient(site, authorizations.get(0)).json("").at("/client/xlogin/UID"))
        .hasToString("\"demouser\"");
  }

  @Test
  void statesCanBeChosen() {
    client.submit(
        "{'Executable':'sleep 0.5','NotificationSettings':{'URL':'%s','status':['FAILED',"
                .formatted(url)
            + "'QUEUED'],'bssStatus':['PENDING','RUNNING']}}");

    await().until(() -> received.size() == 3);
    assertThat(received)
        .extracting(
            message -> message.has("status") ? message.get("status") : message.get("bssStatus"))
        .extracting(JsonNode::asText)
        .containsExactlyInAnyOrder("QUEUED", "PENDING", "RUNNING");
  }

  @Test
  void anAbortIsTold() {
    String job = client.submit("{'Executable':'sleep 300','Notification':'" + url + "'}");
    await().until(() -> received.size() == 1);

    client.abort(job);

    await().until(() -> received.size() == 2);
    assertThat(received.get(1).get("status").asText()).isEqualTo("FAILED");
    assertThat(received.get(1).get("statusMessage").asText()).isEqualTo("Job aborted.");
  }

  @Test
  void aRefusedNotificationIsLoggedAndNotSentAgain() {
    answer = 500;
    String job = client.submit("{'Executable':'date','Notification':'" + url + "'}");
    client.awaitEnd(job);

    await()
        .until(() -> client.json(job).get("log").toString().contains("Could not notify <" + url));
    assertThat(received.size()).isLessThanOrEqualTo(2);
  }
}
