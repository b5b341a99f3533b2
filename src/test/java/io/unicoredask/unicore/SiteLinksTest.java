package io.unicoredask.unicore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SiteLinksTest {

  private static final String BASE = "https://site.example/DEMO/rest/core";

  private final SiteLinks links =
      new SiteLinks("demo", SiteLinks.base("demo", URI.create(BASE + "/")));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://site.example/DEMO/rest/core",
        "https://site.example/DEMO/rest/core/jobs/1",
        "https://site.example/DEMO/rest/core/jobs/a..b",
        "https://site.example/DEMO/rest/core/jobs/?offset=0&num=200"
      })
  void theSitesOwnUrlsAreGoodInFullAndInShort(URI url) {
    assertThat(links.resolve(url)).isEqualTo(url);
    assertThat(links.resolve(links.relative(url))).isEqualTo(url);
    assertThat(links.relative(links.relative(url))).isEqualTo(links.relative(url));
  }

  @Test
  void aUrlInShortIsRelativeToTheBaseUrl() {
    assertThat(links.relative(URI.create(BASE + "/jobs/1"))).hasToString("jobs/1");
    assertThat(links.relative(URI.create(BASE + "//jobs/1"))).hasToString("jobs/1");
    assertThat(links.relative(URI.create(BASE))).hasToString("");
    assertThat(links.resolve(URI.create("jobs/1"))).hasToString(BASE + "/jobs/1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://site.example:443/DEMO/rest/core/jobs/1",
        "https://SITE.Example/DEMO/rest/core/jobs/1",
        "HTTPS://site.example:443/DEMO/rest/core/jobs/1",
        "https://site.example:8443/DEMO/rest/core/jobs/1",
        "https://site.example:80/DEMO/rest/core/jobs/1",
        "http://site.example/DEMO/rest/core/jobs/1",
        "https://login7.example/DEMO/rest/core/jobs/1",
        "https://127.0.0.1:8080/DEMO/rest/core/jobs/1"
      })
  void aUrlByAnotherNameOfTheSiteIsRebased(URI url) {
    assertThat(links.resolve(url)).hasToString(BASE + "/jobs/1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://site.example/DEMO/rest/core/jobs/1",
        "https://site.example@evil.example/DEMO/rest/core/jobs/1",
        "https://me:pw@site.example/DEMO/rest/core/jobs/1",
        "https://me@site.example/DEMO/rest/core/jobs/1",
        "https://site.example/OTHER/rest/core/jobs/1",
        "https://site.example/demo/rest/core/jobs/1",
        "https://site.example/DEMO/rest/core2/jobs/1",
        "https://site.example/DEMO/rest/core/../../../OTHER/rest/core",
        "https://site.example/DEMO/rest/core/jobs/./1",
        "https://site.example/DEMO/rest/core/%2e%2e/jobs",
        "https://site.example/DEMO/rest/core/%2E./jobs",
        "https://site.example/DEMO/rest/core/..%2f..%2fOTHER",
        "https://site.example/DEMO/rest/core/..%5c..%5cOTHER",
        "https://site.example/DEMO/rest/core/..;x/OTHER",
        "https://site.example/DEMO/rest/core/%252e%252e/OTHER",
        "https://site.example/DEMO/rest/core/jobs/1#fragment",
        "https://site.example/DEMO/rest/core/https://evil.example/DEMO/rest/core/jobs/1",
        "jobs/../../OTHER",
        "jobs/%2e%2e/x",
        "jobs/..%2fx",
        "jobs/1#fragment",
        "https://site.example",
        "//site.example/DEMO/rest/core/jobs/1",
        "/DEMO/rest/core/jobs/1",
        "mailto:me@site.example",
        "https:DEMO/rest/core/jobs/1",
        "https:///DEMO/rest/core/jobs/1"
      })
  void allOtherUrlsAreRefused(URI url) {
    assertThatThrownBy(() -> links.resolve(url))
        .isInstanceOfSatisfying(
            UnicoreException.class, refusal -> assertThat(refusal.isRetryable()).isFalse())
        .hasMessageContaining("site 'demo'")
        .hasMessageContaining("no request was made")
        .hasMessageContaining(BASE);
  }

  @Test
  void noUrlAtAllIsRefused() {
    assertThatThrownBy(() -> links.resolve(null)).isInstanceOf(UnicoreException.class);
  }

  @Test
  void aRefusalShowsNeitherUserNorQuery() {
    assertThatThrownBy(() -> links.resolve(URI.create("https://me:pw@evil.example/x?token=t0k3n")))
        .hasMessageContaining("https://evil.example/x")
        .hasMessageNotContainingAny("pw@", "t0k3n");
  }

  @Test
  void anExplicitPortOfTheBaseUrlIsKept() {
    URI gateway = URI.create("https://localhost:8080/DEMO/rest/core");
    SiteLinks atGateway = new SiteLinks("demo", SiteLinks.base("demo", gateway));
    assertThat(atGateway.resolve(URI.create(gateway + "/jobs/1"))).hasToString(gateway + "/jobs/1");
    assertThat(atGateway.resolve(URI.create("https://localhost/DEMO/rest/core/jobs/1")))
        .hasToString(gateway + "/jobs/1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "site.example/DEMO/rest/core",
        "ftp://site.example/DEMO/rest/core",
        "https://me:pw@site.example/DEMO/rest/core",
        "https://site.example/DEMO/rest/core?x=y",
        "https://site.example/DEMO/../rest/core",
        "https://site.example/DEMO/rest/core#x"
      })
  void whatCannotBeABaseUrlIsRefused(URI url) {
    assertThatThrownBy(() -> SiteLinks.base("demo", url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("site 'demo'")
        .hasMessageNotContaining("pw");
  }

  @ParameterizedTest
  @CsvSource({
    "dask.json,         dask.json",
    "/logs/w 1.txt,     logs/w%201.txt",
    "'a?b#c%d',         a%3Fb%23c%25d",
    "..hidden,          ..hidden"
  })
  void aFileIsBelowItsStorage(String path, String encoded) {
    assertThat(links.file(URI.create(BASE + "/storages/s"), path))
        .hasToString(BASE + "/storages/s/files/" + encoded);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "..", "../other/files/x", "a/../../b", "a//b", "./a", "a/"})
  void aPathThatLeadsOutOfTheStorageIsRefused(String path) {
    URI storage = URI.create(BASE + "/storages/s");
    assertThatThrownBy(() -> links.file(storage, path))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
