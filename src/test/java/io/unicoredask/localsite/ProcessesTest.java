package io.unicoredask.localsite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unicoredask.ShortJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing of a job outlives it, and nothing of the site's jobs outlives the site. */
class ProcessesTest {
  /** Starts a child, a grandchild whose parent has gone, and one in a session of its own. */
  private static final String FAMILY =
      "{'Executable':'sleep 300 & echo $! > child; (sleep 301 & echo $! > orphan);"
          + " (setsid sleep 302 & echo $! > escaped); echo $$ > shell; sleep 303'}";

  @Test
  void abortEndsTheWholeFamily() throws IOException {
    try (LocalSite site = LocalSite.start(settings().build())) {
      SiteClient client = SiteClient.of(site);
      String job = client.submit(FAMILY);
      List<Long> pids = family(client, job);
      assertThat(pids).allMatch(Processes::isAlive);

      client.abort(job);

      await().untilAsserted(() -> assertThat(pids).noneMatch(Processes::isAlive));
      await().untilAsserted(() -> assertThat(site.runningProcesses()).isZero());
    }
  }

  @Test
  void aProcessThatIgnoresSigtermIsKilled() throws IOException {
    try (LocalSite site = LocalSite.start(settings().build())) {
      SiteClient client = SiteClient.of(site);
      String job =
          client.submit(
              "{'Executable':'trap echo\\\\ got TERM; echo $$ > shell; while :; do sleep 0.1; done'}");
      long shell = Long.parseLong(client.awaitLine(job, "shell"));

      client.abort(job);

      await().until(() -> client.download(job, "stdout").body().length > 0);
      await().untilAsserted(() -> assertThat(Processes.isAlive(shell)).isFalse());
    }
  }

  @Test
  void closingTheSiteEndsAllJobsAndRemovesItsTemporaryDirectory() throws IOException {
    LocalSite site = LocalSite.start(settings().build());
    SiteClient client = SiteClient.of(site);
    List<Long> pids =
        Stream.of(client.submit(FAMILY), client.submit(FAMILY))
            .flatMap(job -> family(client, job).stream())
            .toList();
    assertThat(site.runningProcesses()).isEqualTo(2);

    site.close();

    assertThat(pids).noneMatch(Processes::isAlive);
    assertThat(site.runningProcesses()).isZero();
    assertThat(site.certificateFile()).doesNotExist();
  }

  @Test
  void killingTheSitesJvmEndsAllJobs(@TempDir Path directory) throws Exception {
    Process jvm =
        new ProcessBuilder(
                ShortJvm.command(
                    "-cp",
                    System.getProperty("java.class.path"),
                    LocalSiteMain.class.getName(),
                    "--plain",
                    "--dir",
                    directory.toString(),
                    "--application",
                    "family=" + FAMILY.substring(15, FAMILY.length() - 2)))
            .redirectErrorStream(true)
            .start();
    try (Stream<String> lines = jvm.inputReader().lines()) {
      String url =
          lines.filter(line -> line.startsWith("URL")).findFirst().orElseThrow().split(" +")[1];
      String job = submitElsewhere(url, directory);
      Path files = directory.resolve("UNICORE_Jobs").resolve(job);
      await().until(() -> Files.exists(files.resolve("shell")));
      List<Long> pids = new java.util.ArrayList<>();
      for (String name : List.of("child", "orphan", "escaped", "shell")) {
        pids.add(Long.parseLong(Files.readString(files.resolve(name)).trim()));
      }
      assertThat(pids).allMatch(Processes::isAlive);

      jvm.destroyForcibly().waitFor();

      await().untilAsserted(() -> assertThat(pids).noneMatch(Processes::isAlive));
    } finally {
      jvm.destroyForcibly();
    }
  }

  private static String submitElsewhere(String url, Path directory) throws Exception {
    String password = Files.readString(directory.resolve("passwords/demouser"));
    String pair = java.util.Base64.getEncoder().encodeToString(("demouser:" + password).getBytes());
    var response =
        java.net.http.HttpClient.newHttpClient()
            .send(
                java.net.http.HttpRequest.newBuilder(java.net.URI.create(url + "/jobs"))
                    .header("Authorization", "Basic " + pair)
                    .header("Content-Type", "application/json")
                    .POST(
                        java.net.http.HttpRequest.BodyPublishers.ofString(
                            "{\"ApplicationName\":\"family\"}"))
                    .build(),
                java.net.http.HttpResponse.BodyHandlers.discarding());
    return SiteClient.id(response.headers().firstValue("Location").orElseThrow());
  }

  private static LocalSiteSettings.Builder settings() {
    return LocalSiteSettings.builder().stateLag(Duration.ofMillis(20));
  }

  private static List<Long> family(SiteClient client, String job) {
    return Stream.of("child", "orphan", "escaped", "shell")
        .map(file -> Long.parseLong(client.awaitLine(job, file)))
        .toList();
  }
}
