package io.unicoredask.cluster.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.TestSite;
import io.unicoredask.cluster.TestSites;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.localsite.LocalSite;
import io.unicoredask.localsite.LocalSiteSettings;
import io.unicoredask.unicore.JobStatus;
import io.unicoredask.unicore.UnicoreSite;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That a job is over is known long before the site's status says so. */
class JobReaderTest {

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
                assertThat(evidence(job))
                    .isInstanceOfSatisfying(
                        JobSeen.Ended.class,
                        ended -> {
                          assertThat(ended.well()).isFalse();
                          assertThat(ended.obituary())
                              .contains("exit code 3")
                              .contains("out of memory");
                        }));
  }

  @Test
  void aJobsLastWordsAreReadUnderTheNameOfItsDescription() throws Exception {
    JobReader reader = new JobReader(site);
    reader.askedFor(
        ClusterRequest.of(
            Map.of("schedulerJob", "{\"Stderr\": \"said.txt\"}"),
            new Sites(List.of(TestSites.unreachable("hpc")))));
    URI job =
        site.submit(
            new ObjectMapper()
                .createObjectNode()
                .put("Executable", "sh -c 'echo no module named dask >&2; exit 3'")
                .put("Stderr", "said.txt"));

    await()
        .untilAsserted(
            () ->
                assertThat(reader.evidence(job, "scheduler", Instant.now()))
                    .isInstanceOfSatisfying(
                        JobSeen.Ended.class,
                        ended -> assertThat(ended.obituary()).contains("no module named dask")));
  }

  @Test
  void aJobThatRunsHasNotLeft() {
    URI job = submit("sh -c 'echo here; sleep 600'");
    await().until(() -> site.job(job).workingDirectory() != null);
    await().until(() -> site.file(site.job(job).workingDirectory(), "stdout").isPresent());
    assertThat(evidence(job)).isInstanceOf(JobSeen.Alive.class);
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

  @Test
  void aJobThatTheSiteHasForgottenHasEnded() {
    assertThat(evidence(URI.create("jobs/none")))
        .isInstanceOfSatisfying(
            JobSeen.Ended.class,
            ended -> assertThat(ended.obituary()).contains("gone from site 'local'"));
  }

  @Test
  void aJobThatTheBatchSystemEndedIsSeenToHaveAndWhy() {
    URI job = submit("sleep 600");
    JobReader reader = new JobReader(site);
    await()
        .until(() -> reader.truth(job, "test") instanceof JobSeen.Alive alive && isRunning(alive));

    localSite.cancel(job.getPath().replaceFirst(".*/", ""));

    await()
        .untilAsserted(
            () ->
                assertThat(reader.truth(job, "test"))
                    .isInstanceOfSatisfying(
                        JobSeen.Ended.class,
                        ended -> {
                          assertThat(ended.well()).isFalse();
                          assertThat(ended.obituary()).contains("was cancelled at the site");
                        }));
    assertThat(site.job(job).status().isFinished()).isFalse();
  }

  private static boolean isRunning(JobSeen.Alive job) {
    return job.job().status() == JobStatus.RUNNING && job.details().isPresent();
  }

  private boolean leftWell(URI job) {
    return evidence(job) instanceof JobSeen.Ended ended && ended.well();
  }

  private JobSeen evidence(URI job) {
    return new JobReader(site).evidence(job, "scheduler", Instant.now());
  }

  private URI submit(String command) {
    return site.submit(new ObjectMapper().createObjectNode().put("Executable", command));
  }
}
