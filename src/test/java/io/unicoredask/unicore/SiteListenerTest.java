package io.unicoredask.unicore;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.http.Fault;
import io.unicoredask.Patience;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a listener hears of the requests to a site. */
class SiteListenerTest {

  private static final URI JOB = URI.create("jobs/1");

  @RegisterExtension static final RecordedSite site = new RecordedSite();

  private final List<String> heard = new ArrayList<>();
  private final UnicoreSite client =
      UnicoreSites.connect(
          site.settings(Patience.LIMIT, null),
          new RequestGate() {
            @Override
            public void pass() {}

            @Override
            public void requested(String call, Outcome outcome, Duration took) {
              heard.add(call + " " + outcome);
              assertThat(took).isPositive();
            }
          });

  @Test
  void eachRequestIsSaidByTheNameOfItsCall() {
    site.answers("01-base", "02-factories", "02b-factory");
    client.info();
    client.offer();

    assertThat(heard).containsExactly("base SUCCESS", "factories SUCCESS", "factory SUCCESS");
    assertThat(UnicoreSites.calls()).contains("base", "factories", "factory", "other");
  }

  @Test
  void theOneThatRenewsASessionIsARequestToo() {
    site.answers("01-base");
    client.info();
    answers(432);
    assertThatThrownBy(client::info).isInstanceOf(UnicoreException.class);

    assertThat(heard).containsExactly("base SUCCESS", "base REFUSED", "base REFUSED");
  }

  @ParameterizedTest
  @CsvSource({
    "404, MISSING",
    "416, MISSING",
    "400, REFUSED",
    "403, REFUSED",
    "500, FAILED",
    "503, FAILED"
  })
  void itIsSaidWhatBecameOfIt(int status, String outcome) {
    answers(status);
    assertThatThrownBy(() -> client.job(JOB)).isInstanceOf(UnicoreException.class);

    assertThat(heard).containsExactly("job " + outcome);
  }

  @Test
  void noAnswerIsSaidAsWell() {
    site.server()
        .stubFor(any(anyUrl()).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
    assertThatThrownBy(() -> client.job(JOB)).isInstanceOf(UnicoreException.class);

    assertThat(heard).containsExactly("job NO_ANSWER");
  }

  private static void answers(int status) {
    site.server().stubFor(any(anyUrl()).willReturn(aResponse().withStatus(status)));
  }
}
