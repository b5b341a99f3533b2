package io.unicoredask.application;

import io.unicoredask.localsite.LocalSite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.springframework.boot.ApplicationArguments;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Shows on the local site what the plugin does: starts a cluster by one REST call, computes on it
 * with a Dask client, says where to look, and stays until it is interrupted or, with {@code
 * --exit}, ends by itself.
 */
class Tour {

  private static final int WORKERS = 2;
  private static final Duration LEAVE_TAKING = Duration.ofSeconds(20);
  private static final long POLL_MILLIS = 200;

  private final ConfigurableApplicationContext context;
  private final LocalSite site;
  private final Path python;
  private final TourCluster cluster;
  private final ApplicationProperties properties;

  /** Whether the password of the user admin has just been made. */
  private final boolean isFirst;

  private final String url;

  Tour(ConfigurableApplicationContext context, LocalSiteInitializer local) {
    this.context = context;
    this.site = local.site();
    this.python = local.python();
    this.isFirst = local.makesPassword();
    this.properties = context.getBean(ApplicationProperties.class);
    this.url = "http://localhost:" + context.getEnvironment().getProperty("local.server.port");
    this.cluster =
        new TourCluster(
            new EngineRest(
                url + "/engine-rest", "admin", AdminPassword.in(properties.adminPasswordFile())));
    Runtime.getRuntime().addShutdownHook(new Thread(this::shutDown, "shutdown"));
  }

  /** Prints a line of the tour. */
  static void say(String line) {
    System.out.println("tour: " + line);
  }

  /**
   * Runs the tour.
   *
   * @return 0 if the result was right and, with {@code --exit}, nothing was left running
   */
  int run() {
    boolean exit = context.getBean(ApplicationArguments.class).containsOption("exit");
    boolean good = false;
    try {
      cluster.start(WORKERS);
      good = compute(cluster.awaitReady());
      sayWhereToLook();
      if (!exit) {
        new CountDownLatch(1).await();
      }
      good &= cluster.tearDownAll() && nothingIsLeft();
    } catch (IOException e) {
      say("failed: " + e.getMessage());
      good = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return good ? 0 : 1;
  }

  private boolean compute(String schedulerAddress) throws IOException, InterruptedException {
    Path script = properties.home().resolve("compute.py");
    try (var source = Tour.class.getResourceAsStream("/tour/compute.py")) {
      Files.write(script, source.readAllBytes());
    }
    say("computing with a Dask client on " + schedulerAddress);
    Process client =
        new ProcessBuilder(
                python.toString(), script.toString(), schedulerAddress, String.valueOf(WORKERS))
            .inheritIO()
            .start();
    try {
      return client.waitFor() == 0;
    } finally {
      client.destroy();
    }
  }

  private void sayWhereToLook() throws IOException {
    say("Cockpit    " + url + "/camunda/app/cockpit/default/#/dask-clusters  (user admin)");
    say("Tasklist   " + url + "/camunda/app/tasklist/");
    say("REST API   " + url + "/engine-rest");
    if (isFirst) {
      say("password   " + AdminPassword.in(properties.adminPasswordFile()));
      say("           (not shown again; kept in " + properties.adminPasswordFile() + ")");
    } else {
      say("password   in " + properties.adminPasswordFile());
    }
    say("Dask       " + cluster.variable("schedulerAddress"));
    say("dashboard  " + cluster.variable("dashboardUrl"));
    say("site       " + site.baseUrl() + "  (user " + site.user() + ")");
    say("           password in " + site.passwordFile());
    say("Ctrl-C tears everything down.");
  }

  /** A job that was aborted has a few seconds to end. */
  private boolean nothingIsLeft() throws InterruptedException {
    Instant limit = Instant.now().plus(LEAVE_TAKING);
    while (site.runningProcesses() > 0 && Instant.now().isBefore(limit)) {
      Thread.sleep(POLL_MILLIS);
    }
    int left = site.runningProcesses();
    say(left == 0 ? "nothing is left running" : left + " processes are left running at the site");
    return left == 0;
  }

  private void shutDown() {
    try {
      cluster.tearDownAll();
    } catch (IOException | InterruptedException e) {
      say("could not tear down the clusters: " + e.getMessage());
    }
    context.close();
    site.close();
  }
}
