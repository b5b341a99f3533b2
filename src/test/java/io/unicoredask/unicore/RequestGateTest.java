package io.unicoredask.unicore;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unicoredask.Patience;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RequestGateTest {

  @RegisterExtension static final RecordedSite site = new RecordedSite();

  private final AtomicInteger passed = new AtomicInteger();

  @Test
  void everyRequestPassesTheGateTheOneThatRenewsASessionToo() {
    UnicoreSite client = client(passed::incrementAndGet);
    site.answers("01-base", "02-factories", "02b-factory");
    client.info();
    client.offer();
    assertThat(passed).hasValue(3);

    site.server()
        .stubFor(
            any(anyUrl())
                .withHeader("X-UNICORE-SecuritySession", matching(".*"))
                .willReturn(aResponse().withStatus(432)));
    client.info();

    assertThat(passed).hasValue(5);
    assertThat(site.requests()).hasSize(5);
  }

  @Test
  void whoeverIsInterruptedAtTheGateMakesNoRequest() {
    UnicoreSite client =
        client(
            () -> {
              throw new InterruptedException();
            });
    assertThatThrownBy(client::info)
        .isInstanceOf(UnicoreException.class)
        .hasMessageContaining("interrupted before the request was made");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(site.requests()).isEmpty();
  }

  private static UnicoreSite client(RequestGate gate) {
    return UnicoreSites.connect(site.settings(Patience.LIMIT, null), gate);
  }
}
