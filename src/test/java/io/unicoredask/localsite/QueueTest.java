package io.unicoredask.localsite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;

/** Waiting for nodes, and what the status tells about it. */
class QueueTest {
  private static final String LONG = "{'Executable':'echo up; sleep 300','Resources':{'Nodes':%d}}";

  @Test
  void jobsWaitUntilNodesAreFree() throws IOException {
    try (LocalSite site = site(Duration.ofMillis(20), Duration.ZERO)) {
      SiteClient client = SiteClient.of(site);
      String running = client.submit(LONG.formatted(2));
      client.awaitStatus(running, "RUNNING");
      String waiting = client.submit(LONG.formatted(1));
      client.awaitStatus(waiting, "QUEUED");
      await().until(() -> !client.field(waiting, "batchSystemID").equals("N/A"));
      assertThat(details(client, waiting)).isEqualTo("PENDING");
      assertThat(site.runningProcesses()).isEqualTo(1);

      client.abort(running);

      client.awaitStatus(waiting, "RUNNING");
      assertThat(details(client, waiting)).isEqualTo("RUNNING");
    }
  }

  @Test
  void aSmallJobDoesNotOvertakeABigOne() throws IOException {
    try (LocalSite site = site(Duration.ofMillis(20), Duration.ZERO)) {
      SiteClient client = SiteClient.of(site);
      String running = client.submit(LONG.formatted(1));
      client.awaitStatus(running, "RUNNING");
      String big = client.submit(LONG.formatted(2));
      String small = client.submit(LONG.formatted(1));
      await().until(() -> !client.field(small, "batchSystemID").equals("N/A"));
      assertThat(details(client, small)).isEqualTo("PENDING");

      client.abort(big);

      client.awaitStatus(small, "RUNNING");
    }
  }

  @Test
  void anAbortedJobLeavesTheQueueWithoutEverRunning() throws IOException {
    try (LocalSite site = site(Duration.ofMillis(20), Duration.ZERO)) {
      SiteClient client = SiteClient.of(site);
      client.awaitStatus(client.submit(LONG.formatted(2)), "RUNNING");
      String waiting = client.submit(LONG.formatted(1));
      await().until(() -> !client.field(waiting, "batchSystemID").equals("N/A"));

      client.abort(waiting);

      assertThat(client.awaitEnd(waiting)).isEqualTo("FAILED");
      assertThat(client.download(waiting, "stdout").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void theStatusLagsBehindWhatTheJobDoes() throws IOException {
    Duration lag = Duration.ofMillis(1500);
    try (LocalSite site = site(lag, Duration.ZERO)) {
      SiteClient client = SiteClient.of(site);
      Instant submitted = Instant.now();
      String job = client.submit(LONG.formatted(1));

      assertThat(client.awaitLine(job, "stdout")).isEqualTo("up");
      assertThat(client.field(job, "status")).isEqualTo("QUEUED");
      assertThat(client.field(job, "batchSystemID")).isEqualTo("1");
      assertThat(site.jobs().get(0).running()).isTrue();

      client.awaitStatus(job, "RUNNING");
      assertThat(Duration.between(submitted, Instant.now())).isGreaterThanOrEqualTo(lag);
    }
  }

  @Test
  void theQueueDelayHoldsJobsBackThoughNodesAreIdle() throws IOException {
    Duration delay = Duration.ofMillis(700);
    try (LocalSite site = site(Duration.ofMillis(20), delay)) {
      SiteClient client = SiteClient.of(site);
      Instant submitted = Instant.now();
      String job = client.submit(LONG.formatted(1));

      client.awaitLine(job, "stdout");

      assertThat(Duration.between(submitted, Instant.now())).isGreaterThanOrEqualTo(delay);
    }
  }

  @Test
  void aJobThatWaitsSaysWhyAndWhenItIsExpectedToStart() throws IOException {
    try (LocalSite site = site(Duration.ofMillis(20), Duration.ZERO)) {
      SiteClient client = SiteClient.of(site);
      String hour = "{'Executable':'sleep 300','Resources':{'Nodes':%d,'Runtime':'1h'}}";
      String running = client.submit(hour.formatted(2));
      client.awaitStatus(running, "RUNNING");
      String next = client.submit(hour.formatted(2));
      String last = client.submit(hour.formatted(1));
      await().until(() -> !client.field(last, "batchSystemID").equals("N/A"));
      LocalDateTime free = time(client, running, "EndTime");

      assertThat(client.json(next + "/details").get("Reason").asText()).isEqualTo("Resources");
      assertThat(Duration.between(free, time(client, next, "StartTime")).abs())
          .isLessThan(Duration.ofMinutes(1));
      assertThat(Duration.between(free.plusHours(1), time(client, last, "StartTime")).abs())
          .isLessThan(Duration.ofMinutes(1));
    }
  }

  private static LocalDateTime time(SiteClient client, String job, String key) {
    return LocalDateTime.parse(client.json(job + "/details").get(key).asText());
  }

  private static LocalSite site(Duration lag, Duration delay) throws IOException {
    return LocalSite.start(
        LocalSiteSettings.builder().queue("batch", 2).stateLag(lag).queueDelay(delay).build());
  }

  private static String details(SiteClient client, String job) {
    return client.json(job + "/details").get("JobState").asText();
  }
}
