package io.unicoredask.unicore;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How much of an answer is taken, whatever a site sends. */
class SiteLimitsTest {

  @RegisterExtension static final RecordedSite site = new RecordedSite();

  private static final int MEBIBYTE = 1024 * 1024;
  private static final URI STORAGE = URI.create("storages/s");

  private final UnicoreSite client = site.client();

  @Test
  void anAnswerThatIsHugeOnceUnzippedIsRefusedWhateverWasAskedFor() throws IOException {
    answer(aResponse().withHeader("Content-Encoding", "gzip").withBody(zipped(64 * MEBIBYTE)));
    for (ThrowingCallable call :
        new ThrowingCallable[] {
          client::info, client::jobs, () -> client.file(STORAGE, "dask.json"),
        }) {
      assertRefused(call, "makes no sense: more than 16777216 bytes");
    }
    assertRefused(() -> client.tail(STORAGE, "stderr", 2000), "more than 67536 bytes");
    assertRefused(() -> client.part(STORAGE, "stderr", 500, 100), "more than 65636 bytes");
  }

  @Test
  void aZippedAnswerOfUsualSizeIsRead() throws IOException {
    answer(aResponse().withHeader("Content-Encoding", "gzip").withBody(zipped(MEBIBYTE)));
    assertThat(client.file(STORAGE, "result"))
        .get()
        .extracting(it -> it.length)
        .isEqualTo(MEBIBYTE);
  }

  @Test
  void aFileMayBeAsLongAsTheLimit() {
    answer(aResponse().withBody(new byte[16 * MEBIBYTE]));
    assertThat(client.file(STORAGE, "result")).isPresent();
    answer(aResponse().withBody(new byte[16 * MEBIBYTE + 1]));
    assertRefused(() -> client.file(STORAGE, "result"), "16777216");
  }

  @Test
  void aSiteThatAlwaysAnswersTheSamePageIsAskedTwice() {
    answer(okJson(page(200)));
    assertThat(client.jobs("dask")).hasSize(200);
    assertThat(site.requests()).hasSize(2);
  }

  @Test
  void aListThatIsTooLongIsRefused() {
    answer(okJson(page(100_001)));
    assertRefused(client::jobs, "more than 100000 URLs");
  }

  private static void assertRefused(ThrowingCallable call, String reason) {
    UnicoreException failure = catchThrowableOfType(UnicoreException.class, call);
    assertThat(failure).hasMessageContaining(reason).hasMessageContaining("site 'demo'");
    assertThat(failure.isRetryable()).isTrue();
  }

  private static String page(int count) {
    String jobs = site.url("/jobs/").toString();
    return IntStream.range(0, count)
        .mapToObj(number -> '"' + jobs + number + '"')
        .collect(Collectors.joining(",", "{\"jobs\":[", "]}"));
  }

  private static byte[] zipped(int size) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    byte[] blanks = " ".repeat(MEBIBYTE).getBytes(StandardCharsets.US_ASCII);
    try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
      for (int written = 0; written < size; written += MEBIBYTE) {
        zip.write(blanks);
      }
    }
    return zipped.toByteArray();
  }

  private static void answer(ResponseDefinitionBuilder answer) {
    site.server().stubFor(any(anyUrl()).willReturn(answer));
  }
}
