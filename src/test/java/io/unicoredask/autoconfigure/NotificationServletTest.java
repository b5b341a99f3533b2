package io.unicoredask.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.Patience;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.SiteDefaults;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.localsite.LocalSite;
import io.unicoredask.localsite.LocalSiteSettings;
import io.unicoredask.unicore.SiteSettings;
import io.unicoredask.unicore.UnicoreSites;
import io.unicoredask.unicore.UsernamePassword;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServer;

/** What the sites, and others, get for what they send, and what is made of it. */
@ExtendWith(OutputCaptureExtension.class)
class NotificationServletTest {

  private final List<String> hints = new CopyOnWriteArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private LocalSite site;
  private WebServer server;

  @BeforeEach
  void start(@TempDir File directory) throws IOException {
    site =
        LocalSite.start(
            LocalSiteSettings.builder().tls(false).user("demouser").user("eve").build());
    Sites sites = new Sites(List.of(site("my site", site.baseUrl()), site("down", nowhere())));
    NotificationServlet servlet =
        new NotificationServlet(sites, (name, job) -> hints.add(name + ": " + job));
    TomcatServletWebServerFactory tomcat = new TomcatServletWebServerFactory(0);
    tomcat.setBaseDirectory(directory);
    server =
        tomcat.getWebServer(
            context -> context.addServlet("notifications", servlet).addMapping("/n/*"));
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
    site.close();
  }

  private Site site(String name, URI url) {
    return new Site(
        UnicoreSites.connect(
            new SiteSettings(
                name,
                url,
                UsernamePassword.fromFile(site.user(), site.passwordFile()),
                null,
                Patience.LIMIT,
                Patience.LIMIT,
                null)),
        null,
        SiteDefaults.NONE);
  }

  private static URI nowhere() {
    return URI.create("http://127.0.0.1:1/DOWN/rest/core");
  }

  @Test
  void whatTheSiteTellsOfAJobIsAHintAtItAndNothingElse() throws Exception {
    String body =
        "{\"href\": \"%s\", \"status\": \"RUNNING\", \"exitCode\": \"0\"}".formatted(url("jobs/1"));

    assertThat(post(body)).isEqualTo(204);
    assertThat(hints).containsExactly("my site: jobs/1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://elsewhere.example.org/jobs/1",
        "https://elsewhere.example.org/OTHER-SITE/rest/core/jobs/1",
        "http://localhost/LOCAL-SITE/rest/core/../../jobs/1",
        "mailto:me@example.org"
      })
  void aJobOfAnotherSiteIsIgnored(String href) throws Exception {
    assertThat(post("{\"href\": \"%s\"}".formatted(href))).isEqualTo(204);
    assertThat(hints).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "5",
        "{}",
        "{\"href\": null}",
        "{\"href\": 1}",
        "{\"href\": {\"href\": \"x\"}}",
        "{\"href\": \"a b\"}",
        "{\"href\": \"http://[\"}"
      })
  void whatNamesNoJobIsBad(String body) throws Exception {
    assertThat(post(body)).isEqualTo(400);
    assertThat(hints).isEmpty();
  }

  @Test
  void whatIsNestedWithoutEndIsBad() throws Exception {
    assertThat(post("[".repeat(30_000))).isEqualTo(400);
  }

  @Test
  void whatIsLongIsNotReadToItsEnd() throws Exception {
    String start = "{\"href\": \"%s\", \"x\": \"".formatted(url("jobs/1"));
    String most = start + "x".repeat(NotificationServlet.MOST_BYTES - start.length() - 2) + "\"}";

    assertThat(post(most)).isEqualTo(204);
    assertThat(post(most + " ")).isEqualTo(413);
    assertThat(
            send(
                "POST",
                "/n/my%20site",
                "Bearer " + token("demouser"),
                BodyPublishers.ofInputStream(
                    () -> new ByteArrayInputStream((most + " ").getBytes()))))
        .as("also if it does not say how long it is")
        .isEqualTo(413);
    assertThat(hints).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "post"})
  void nothingIsThereButForAPost(String method) throws Exception {
    assertThat(send(method, "/n/my%20site", "Bearer " + token("demouser"), BodyPublishers.noBody()))
        .isEqualTo(405);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/n", "/n/", "/n/nowhere", "/n/my%20site/", "/n/my%20site/more"})
  void aSiteThatDoesNotExistIsNotFound(String path) throws Exception {
    assertThat(send("POST", path, "Bearer " + token("demouser"), BodyPublishers.noBody()))
        .isEqualTo(404);
  }

  @Test
  void whatDoesNotComeFromTheSiteForUsIsRefused() throws Exception {
    String body = "{\"href\": \"%s\"}".formatted(url("jobs/1"));
    String password = password("demouser");

    for (String authorization :
        new String[] {null, "", "Bearer", "Bearer x.y.z", password, "Bearer " + token("eve")}) {
      assertThat(send("POST", "/n/my%20site", authorization, BodyPublishers.ofString(body)))
          .as("%s", authorization)
          .isEqualTo(401);
    }
    assertThat(hints).isEmpty();
  }

  @Test
  void whatIsRefusedIsLoggedOnceAndForAWhileNotAgain(CapturedOutput log) throws Exception {
    String token = token("eve");
    for (int i = 0; i < 20; i++) {
      send("POST", "/n/my%20site", "Bearer " + token, BodyPublishers.ofString("{}"));
    }

    assertThat(log.getAll().lines().filter(line -> line.contains("A notification in the name")))
        .singleElement()
        .asString()
        .contains("site 'my site'", "CN=eve,O=UNICORE,C=EU", "CN=demouser, O=UNICORE, C=EU")
        .doesNotContain(token);
  }

  @Test
  void whatCannotBeCheckedIsNotTaken(CapturedOutput log) throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(
              send("POST", "/n/down", "Bearer " + token("demouser"), BodyPublishers.ofString("{}")))
          .isEqualTo(503);
    }

    assertThat(hints).isEmpty();
    assertThat(log.getAll().lines().filter(line -> line.contains("A notification in the name")))
        .singleElement()
        .asString()
        .contains("site 'down', GET");
  }

  private URI url(String relative) {
    return URI.create(site.baseUrl() + "/" + relative);
  }

  private int post(String body) throws Exception {
    return send(
        "POST", "/n/my%20site", "bearer  " + token("demouser"), BodyPublishers.ofString(body));
  }

  private int send(String method, String path, String authorization, BodyPublisher body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getPort() + path))
            .method(method, body);
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return http.send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  private String password(String user) {
    return UsernamePassword.fromFile(user, site.passwordFile(user)).authorization();
  }

  /** A token that the site has signed for one of its users, as that of a notification is. */
  private String token(String user) throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(url("token"))
                .header("Authorization", password(user))
                .header("Accept", "text/plain")
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }
}
