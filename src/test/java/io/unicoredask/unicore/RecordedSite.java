package io.unicoredask.unicore;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.request;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.unicoredask.Patience;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A server that gives the answers recorded from a real site, for the requests they were given to.
 */
final class RecordedSite implements BeforeEachCallback, AfterAllCallback {

  static final String SECRET = "pa55-word";

  private static final String RECORDED_AT = "https://localhost:8080";

  private final WireMockServer server =
      new WireMockServer(WireMockConfiguration.wireMockConfig().dynamicPort());

  RecordedSite() {
    server.start();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    server.resetAll();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    server.stop();
  }

  /** A client of this site with a state of its own. */
  UnicoreSite client() {
    return UnicoreSites.connect(settings(Patience.LIMIT, null));
  }

  UnicoreSite impatientClient() {
    return UnicoreSites.connect(settings(Duration.ofMillis(200), null));
  }

  UnicoreSite clientWithPreferences(String preferences) {
    return UnicoreSites.connect(settings(Patience.LIMIT, preferences));
  }

  SiteSettings settings(Duration readTimeout, String preferences) {
    return new SiteSettings(
        "demo",
        url(""),
        UsernamePassword.of("demouser", SECRET),
        null,
        Patience.LIMIT,
        readTimeout,
        preferences);
  }

  SiteSettings settingsWith(Duration readTimeout, Credential credential) {
    return settings(readTimeout, null).showing(credential);
  }

  /** A URL below the base URL. */
  URI url(String path) {
    return URI.create(server.baseUrl() + "/DEMO-SITE/rest/core" + path);
  }

  WireMockServer server() {
    return server;
  }

  /** Answers the recorded request, whatever its query, as it was answered. */
  void answers(String... samples) {
    Arrays.stream(samples).forEach(name -> server.stubFor(recorded(name)));
  }

  /** Answers every request as the recorded one was answered. */
  void answersAllWith(String sample) {
    server.stubFor(any(anyUrl()).willReturn(answer(sample)));
  }

  MappingBuilder recorded(String sample) {
    List<String> lines = head(sample).lines().toList();
    String[] requestLine = lines.get(0).split(" ");
    String accept =
        lines.stream().filter(line -> line.startsWith("> Accept: ")).findFirst().orElseThrow();
    return request(requestLine[1], urlPathEqualTo(requestLine[2].replaceFirst("\\?.*", "")))
        .withHeader("Accept", equalTo(accept.substring("> Accept: ".length())))
        .willReturn(answer(sample));
  }

  ResponseDefinitionBuilder answer(String sample) {
    ResponseDefinitionBuilder answer = aResponse().withBody(here(body(sample)));
    for (String line : head(sample).lines().filter(line -> line.startsWith("< ")).toList()) {
      String[] header = line.substring(2).split(": ", 2);
      if (header.length == 1) {
        answer.withStatus(Integer.parseInt(header[0].split(" ")[1]));
      } else if (!List.of("Date", "Content-Length").contains(header[0])) {
        answer.withHeader(header[0], here(header[1]));
      }
    }
    return answer;
  }

  List<LoggedRequest> requests() {
    return server.getServeEvents().getRequests().stream()
        .sorted((a, b) -> a.getRequest().getLoggedDate().compareTo(b.getRequest().getLoggedDate()))
        .map(event -> event.getRequest())
        .toList();
  }

  static String body(String sample) {
    return parts(sample)[1];
  }

  private static String head(String sample) {
    return parts(sample)[0];
  }

  private static String[] parts(String sample) {
    String name = "/unicore/" + sample + ".http";
    try (InputStream file = RecordedSite.class.getResourceAsStream(name)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).split("(?m)^<\n", 2);
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  private String here(String text) {
    return text.replace(RECORDED_AT, server.baseUrl());
  }
}
