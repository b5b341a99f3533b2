package io.unicoredask.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.SiteDefaults;
import io.unicoredask.localsite.LocalSite;
import io.unicoredask.localsite.LocalSiteSettings;
import io.unicoredask.localsite.LocalSiteSettings.Application;
import io.unicoredask.unicore.SiteInfo;
import io.unicoredask.unicore.SiteOffer;
import io.unicoredask.unicore.UnicoreException;
import io.unicoredask.unicore.UnicoreSite;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What the log says of the sites when the application has started. */
@ExtendWith(OutputCaptureExtension.class)
class SitesAtStartTest {

  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final String SITE = "unicore-dask.sites.hpc.";

  @TempDir private Path directory;

  private final ApplicationContextRunner context =
      TestEngine.in(
          new ApplicationContextRunner()
              .withConfiguration(
                  AutoConfigurations.of(
                      SslAutoConfiguration.class, UnicoreDaskAutoConfiguration.class)));

  @Test
  void aSiteThatCanBeUsedIsOneLine(CapturedOutput log) throws IOException {
    LocalSiteSettings settings =
        LocalSiteSettings.builder()
            .tls(false)
            .queue("fast", 1)
            .queue("batch", 1)
            .application("dask-scheduler", new Application("1.0", "true"))
            .application("dask-worker", new Application("1.0", "true"))
            .build();
    try (LocalSite site = LocalSite.start(settings)) {
      at(site, site.passwordFile())
          .run(
              started -> {
                assertThat(awaitLine(log))
                    .contains("INFO")
                    .contains("site 'hpc' (LOCAL-SITE, UNICORE/X ")
                    .contains(
                        "): it knows us as demouser, role user; queues [batch, fast]; applications"
                            + " dask-scheduler and dask-worker among 4");
              });
    }
    assertThat(lines(log)).hasSize(1);
  }

  @Test
  void aSiteWithoutDaskSaysWhatThatAsksFor(CapturedOutput log) throws IOException {
    try (LocalSite site = LocalSite.start(LocalSiteSettings.builder().tls(false).build())) {
      at(site, site.passwordFile())
          .run(
              started ->
                  assertThat(awaitLine(log))
                      .contains("INFO")
                      .contains("no application dask-scheduler and dask-worker among 2")
                      .contains("an Executable"));
    }
  }

  @Test
  void aWrongPasswordIsAWarningAndNoFailure(CapturedOutput log) throws IOException {
    Path wrong = Files.writeString(directory.resolve("password"), "not-this-one");
    try (LocalSite site = LocalSite.start(LocalSiteSettings.builder().tls(false).build())) {
      at(site, wrong)
          .run(
              started -> {
                assertThat(started).hasNotFailed();
                assertThat(awaitLine(log))
                    .contains("WARN")
                    .contains("site 'hpc', GET " + site.baseUrl())
                    .contains("HTTP 403")
                    .contains("Check the user 'demouser' and the password file " + wrong);
              });
    }
    assertThat(lines(log)).hasSize(1).noneMatch(line -> line.contains("not-this-one"));
  }

  @Test
  void aDefaultQueueTheSiteDoesNotHaveIsAWarning(CapturedOutput log) throws IOException {
    try (LocalSite site = LocalSite.start(LocalSiteSettings.builder().tls(false).build())) {
      at(site, site.passwordFile())
          .withPropertyValues(SITE + "queue=closed-down")
          .run(
              started ->
                  assertThat(awaitLine(log))
                      .contains("WARN")
                      .contains("has no queue 'closed-down'")
                      .contains("Correct " + SITE + "queue to one of [batch]"));
    }
  }

  @Test
  void aSiteThatTakesNoJobsIsAWarning() {
    UnicoreSite unicore = mock(UnicoreSite.class);
    when(unicore.name()).thenReturn("hpc");
    when(unicore.info()).thenReturn(new SiteInfo("HPC", "11.1", false, "CN=x", "user", "x"));
    when(unicore.offer()).thenReturn(new SiteOffer(Set.of(), Set.of()));

    assertThat(SiteLook.at(new Site(unicore, null, SiteDefaults.NONE)).problems())
        .singleElement()
        .asString()
        .contains("takes no jobs now");
  }

  @Test
  void aSiteThatIsNotAvailableForAMomentIsNoWarning() {
    UnicoreSite unicore = mock(UnicoreSite.class);
    when(unicore.name()).thenReturn("hpc");
    when(unicore.info())
        .thenReturn(new SiteInfo("HPC", "11.1", true, "CN=x", "user", "x"))
        .thenThrow(answered(503, true))
        .thenReturn(new SiteInfo("HPC", "11.1", true, "CN=x", "user", "x"));
    when(unicore.offer())
        .thenThrow(answered(503, true))
        .thenReturn(new SiteOffer(Set.of(), Set.of()));

    SiteLook look = SiteLook.at(new Site(unicore, null, SiteDefaults.NONE), Duration.ofMillis(1));

    assertThat(look.problems()).isEmpty();
    assertThat(look.words()).contains("it knows us as x");
  }

  @Test
  void aSiteThatIsNotAvailableTimeAndAgainIsAProblem() {
    UnicoreSite unicore = mock(UnicoreSite.class);
    when(unicore.name()).thenReturn("hpc");
    when(unicore.info()).thenThrow(answered(503, true));

    assertThat(
            SiteLook.at(new Site(unicore, null, SiteDefaults.NONE), Duration.ofMillis(1))
                .problems())
        .singleElement()
        .asString()
        .contains("HTTP 503");
    verify(unicore, times(5)).info();
  }

  @Test
  void aSiteThatRefusesIsAskedOnce() {
    UnicoreSite unicore = mock(UnicoreSite.class);
    when(unicore.name()).thenReturn("hpc");
    when(unicore.info()).thenThrow(answered(403, false));

    assertThat(SiteLook.at(new Site(unicore, null, SiteDefaults.NONE)).problems()).hasSize(1);
    verify(unicore, times(1)).info();
  }

  @Test
  void aSiteThatHangsDelaysNeitherStartNorEndNorTheOthers(CapturedOutput log) throws IOException {
    long begun = System.nanoTime();
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        LocalSite site = LocalSite.start(LocalSiteSettings.builder().tls(false).build())) {
      String hung = "unicore-dask.sites.hung.";
      at(site, site.passwordFile())
          .withPropertyValues(
              hung + "url=http://127.0.0.1:" + silent.getLocalPort() + "/HUNG/rest/core",
              hung + "username=x",
              hung + "password-file=" + site.passwordFile(),
              hung + "read-timeout=1h")
          .run(started -> assertThat(awaitLine(log)).contains("site 'hpc'"));
      await().atMost(LIMIT).until(() -> threads().isEmpty());
    }

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LIMIT);
    assertThat(lines(log)).hasSize(1);
  }

  private static UnicoreException answered(int status, boolean retryable) {
    return new UnicoreException(
        "hpc", "GET", URI.create("https://hpc.example.org"), status, retryable, "no", null);
  }

  private ApplicationContextRunner at(LocalSite site, Path passwordFile) {
    return context.withPropertyValues(
        SITE + "url=" + site.baseUrl(),
        SITE + "username=" + site.user(),
        SITE + "password-file=" + passwordFile);
  }

  private static String awaitLine(CapturedOutput log) {
    return await().atMost(LIMIT).until(() -> lines(log), found -> !found.isEmpty()).get(0);
  }

  private static List<String> lines(CapturedOutput log) {
    return log.toString().lines().filter(line -> line.contains("SitesAtStart")).toList();
  }

  private static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("unicore-dask-start"))
        .toList();
  }
}
