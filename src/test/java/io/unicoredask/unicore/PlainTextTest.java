package io.unicoredask.unicore;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is left of text that no database takes, or that would look like another line of a log. */
class PlainTextTest {

  @RegisterExtension static final RecordedSite site = new RecordedSite();

  private final UnicoreSite client = site.client();

  @Test
  void controlCharactersAreLostAndLinesAndTabsStay() {
    assertThat(PlainText.lines("a\0b\r\nc\td\u001b[31m\u007f\u0085e")).isEqualTo("ab\nc\td[31me");
  }

  @Test
  void whatNobodyCanEncodeIsABlankAndWhatIsWholeStays() {
    assertThat(PlainText.lines("a\ud83db\udc00c\u2028d\u2029e€ä\ud83d\ude00"))
        .isEqualTo("a b c d e€ä\ud83d\ude00");
  }

  @Test
  void aLineIsOneLine() {
    assertThat(PlainText.line("a\r\nb\nc\rd\te\u2028f\0\u0085g")).isEqualTo("a b c d e f g");
  }

  @Test
  void everyTextOfTheSitesJsonIsOneLine() {
    answer(
        okJson(
            "{'status':'FAILED','statusMessage':'no\\u0000de\\r\\n2026 ERROR all lost\\ud800','_links':{},"
                    .replace('\'', '"')
                + "\"queue\":\"a\\u0000b\",\"tags\":[\"c\\u0007d\"]}"));
    Job job = client.job(URI.create("jobs/1"));
    assertThat(job.statusMessage()).isEqualTo("node 2026 ERROR all lost ");
    assertThat(job.queue()).isEqualTo("ab");
    assertThat(job.tags()).containsExactly("cd");
  }

  @Test
  void theTailOfAFileHasNoControlCharacters() {
    answer(aResponse().withBody("one\0\r\ntwo\u001b\n"));
    assertThat(client.tail(URI.create("storages/1"), "stderr", 100)).hasValue("one\ntwo\n");
  }

  @Test
  void noRefusalForgesALineOfALog() {
    answer(
        aResponse()
            .withStatus(500)
            .withBody("{\"errorMessage\":\"no\\r\\n2026 ERROR\\u0000\\u0085\\u2028all lost\"}"));
    assertThatThrownBy(client::info).hasMessageContaining("(no 2026 ERROR all lost)");
    answer(aResponse().withStatus(201).withHeader("Location", "a b\u0085c"));
    assertThatThrownBy(() -> client.submit(JsonNodeFactory.instance.objectNode()))
        .hasMessageNotContaining("\u0085");
  }

  private static void answer(ResponseDefinitionBuilder answer) {
    site.server().stubFor(any(anyUrl()).willReturn(answer));
  }
}
