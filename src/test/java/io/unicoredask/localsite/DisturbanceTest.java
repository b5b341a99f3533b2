package io.unicoredask.localsite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A site that has its requests go wrong. */
class DisturbanceTest {

  private static final String JOB = "{\"Executable\": \"true\"}";

  private LocalSite site;
  private SiteClient client;

  @BeforeEach
  void start() throws IOException {
    site = LocalSite.start(LocalSiteSettings.builder().build());
    client = SiteClient.of(site);
  }

  @AfterEach
  void close() {
    site.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"REFUSED", "ANSWER_LOST", "ANSWER_CUT"})
  void theConnectionEndsBeforeTheAnswer(Disturbance disturbance) {
    disturb(disturbance);
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> client.post("/jobs", JOB))
        .withCauseInstanceOf(IOException.class);
    assertThat(site.jobs()).hasSize(disturbance == Disturbance.REFUSED ? 0 : 1);
  }

  @ParameterizedTest
  @CsvSource({"ERROR, 500", "UNAVAILABLE, 503"})
  void theSiteAnswersThatItCannot(Disturbance disturbance, int status) {
    disturb(disturbance);
    assertThat(client.post("/jobs", JOB).statusCode()).isEqualTo(status);
    assertThat(site.jobs()).isEmpty();

    disturb(Disturbance.NONE);
    assertThat(client.post("/jobs", JOB).statusCode()).isEqualTo(201);
  }

  @Test
  void theSiteDoesNotAnswerAtAll() {
    disturb(Disturbance.HANGING);
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> SiteClient.impatient(site).post("/jobs", JOB))
        .withCauseInstanceOf(HttpTimeoutException.class);
    assertThat(site.jobs()).isEmpty();
  }

  private void disturb(Disturbance disturbance) {
    site.disturb(() -> disturbance);
  }
}
