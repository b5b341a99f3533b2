package io.unicoredask.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.TestSite;
import io.unicoredask.localsite.LocalSite;
import io.unicoredask.localsite.LocalSiteSettings;
import io.unicoredask.unicore.UnicoreSite;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That a job is over is known long before the site's status says so. */
class JobWatchTest {

  private LocalSite localSite;
  private UnicoreSite site;

  @BeforeEach
  void startASiteWhoseStatusLagsByAMinute() throws IOException {
    localSite =
        LocalSite.start(LocalSiteSettings.builder().stateLag(Duration.ofMinutes(1)).build());
    site = TestSite.unicore(localSite);
  }

  @AfterEach
  void close() {
    localSite.close();
  }

  @Test
  void aJobThatEndedWellIsSeenToHave() {
    URI job = submit("true");
    await().until(() -> leftWell(job));
    assertThat(site.job(job).status().isFinished()).isFalse();
  }

  @Test
  void aJobThatFailedIsReportedWithItsExitCodeAndLastWords() {
    URI job = submit("sh -c 'echo out of memory >&2; exit 3'");
    await()
        .untilAsserted(
            () ->
                assertThatExceptionOfType(ClusterException.class)
                    .isThrownBy(() -> leftWell(job))
                    .withMessageContaining("exit code 3")
                    .withMessageContaining("out of memory"));
  }

  @Test
  void aJobThatRunsHasNotLeft() {
    URI job = submit("sh -c 'echo here; sleep 600'");
    await().until(() -> site.job(job).workingDirectory() != null);
    await().until(() -> site.file(site.job(job).workingDirectory(), "stdout").isPresent());
    assertThat(leftWell(job)).isFalse();
  }

  @Test
  void aJobWhoseStatusHasCaughtUpMeanwhileHasLeftWell() throws IOException {
    try (LocalSite prompt =
        LocalSite.start(LocalSiteSettings.builder().stateLag(Duration.ZERO).build())) {
      site = TestSite.unicore(prompt);
      URI job = submit("true");
      await().until(() -> site.job(job).status().isFinished());
      assertThat(leftWell(job)).isTrue();
    }
  }

  private boolean leftWell(URI job) {
    return new JobWatch(site).leftWell(job, ClusterError.DASK_SCHEDULER_LOST, "scheduler");
  }

  private URI submit(String command) {
    return site.submit(new ObjectMapper().createObjectNode().put("Executable", command));
  }
}
