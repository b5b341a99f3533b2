package io.unicoredask.unicore;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.binaryEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unicoredask.TestSite;
import java.net.URI;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Files of the user's home directory, at a recorded site and at the local one. */
class HomeFilesTest {

  @RegisterExtension static final RecordedSite site = new RecordedSite();

  private static final byte[] CONTENT = {0, 1, '{', '"', -1, '\r', '\n'};

  private final UnicoreSite client = site.client();

  @Test
  void aFileIsWrittenAsItIsToTheStorageThatTheSiteLists() {
    site.answers("21m-storages");
    String file = "/DEMO-SITE/rest/core/storages/HOME/files/.dask";
    site.server().stubFor(any(urlPathEqualTo(file)).willReturn(aResponse().withStatus(204)));

    client.writeHomeFile(".dask", CONTENT);
    client.writeHomeFile(".dask", CONTENT);

    site.server()
        .verify(
            2,
            putRequestedFor(urlPathEqualTo(file))
                .withHeader("Content-Type", equalTo("application/octet-stream"))
                .withRequestBody(binaryEqualTo(CONTENT)));
    assertThat(site.requests()).as("the storage is looked for once").hasSize(3);
  }

  @Test
  void aSiteWithoutAStorageForHomesIsAnErrorThatNamesIt() {
    site.server()
        .stubFor(
            any(anyUrl())
                .willReturn(
                    okJson("{\"storages\":[\"%s\"]}".formatted(site.url("/storages/WORK")))));
    assertThatThrownBy(() -> client.homeFile("x"))
        .isInstanceOf(UnicoreException.class)
        .hasMessageContaining("no storage HOME, only [")
        .hasMessageContaining("operators");
  }

  @Test
  void aStorageThatIsGoneIsNotAMissingFile() {
    site.server().stubFor(any(anyUrl()).willReturn(aResponse().withStatus(404)));
    site.answers("21m-storages");
    assertThatThrownBy(() -> client.homeFile("x"))
        .isInstanceOf(UnicoreException.class)
        .hasMessageContaining("/storages/HOME: HTTP 404");
  }

  @Test
  void somebodyAnonymousHasNoHome() {
    site.server().stubFor(any(anyUrl()).willReturn(okJson("{\"storages\":[]}")));
    site.answers("01d-base-anonymous");
    assertThatThrownBy(() -> client.homeFile("x")).hasMessageContaining("anonymous");
  }

  @Test
  void whatIsWrittenIsReadByTheSameUserOnly() {
    UnicoreSite mine = TestSite.unicore();
    String name = ".test-" + UUID.randomUUID();
    assertThat(mine.homeFile(name)).isEmpty();

    mine.writeHomeFile(name, CONTENT);
    assertThat(mine.homeFile(name)).get().isEqualTo(CONTENT);
    assertThat(TestSite.somebodyElses().homeFile(name)).isEmpty();

    mine.writeHomeFile(name, new byte[0]);
    assertThat(mine.homeFile(name)).get().isEqualTo(new byte[0]);
  }

  @Test
  void aFileIsDeletedIfItIsThere() {
    UnicoreSite mine = TestSite.unicore();
    URI home = URI.create("storages/HOME");
    String name = ".test-" + UUID.randomUUID();
    mine.writeHomeFile(name, CONTENT);

    mine.deleteFile(home, name);
    assertThat(mine.homeFile(name)).isEmpty();
    assertThatNoException().isThrownBy(() -> mine.deleteFile(home, name));
    assertThatNoException()
        .isThrownBy(() -> mine.deleteFile(URI.create("storages/gone-uspace"), name));
    assertThatThrownBy(() -> mine.deleteFile(home, "../x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void noPathLeadsOutOfTheHome() {
    site.answers("21m-storages");
    assertThatThrownBy(() -> client.writeHomeFile("../x", CONTENT))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> client.homeFile("a/../../x"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
