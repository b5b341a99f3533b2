package io.unicoredask.localsite;

import io.unicoredask.localsite.LocalSiteSettings.Application;
import io.unicoredask.localsite.LocalSiteSettings.Queue;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Runs a {@link LocalSite} from a terminal until Ctrl-C. */
public final class LocalSiteMain {
  private static final String USAGE =
      """
      A UNICORE site on this machine. Options, all of them optional:
        --port N                   port to listen on; 0 (default) takes any free one
        --bind ADDRESS             loopback address to listen on (127.0.0.1)
        --plain                    plain HTTP instead of TLS
        --site-name NAME           (LOCAL-SITE)
        --dir DIRECTORY            where jobs live; by default temporary and deleted at the end
        --user NAME                a user, may be repeated (demouser)
        --queue NAME=NODES         a queue, may be repeated (batch=4)
        --application NAME=COMMAND an application, may be repeated
        --python PYTHON            a Python that has Dask; adds the applications dask-scheduler
                                   and dask-worker
        --state-lag DURATION       how long a job's status lags behind (PT1S)
        --queue-delay DURATION     how long a job waits in its queue at least (PT0S)
        --connecting DURATION      how long each forwarded connection takes to come about, one
                                   after the other (PT0S)
        --gateway-faults           has what was seen of real Gateways: forwarded connections that
                                   take a second each, hold answers back, lose greetings and
                                   know no half-close; a 503 now and then
      """;

  private LocalSiteMain() {}

  /**
   * Starts a site, prints its URL, user, password file and certificate file, and runs until it is
   * killed.
   *
   * @param arguments see the usage that {@code --help} prints
   * @throws InterruptedException never
   */
  public static void main(String[] arguments) throws InterruptedException {
    LocalSiteSettings settings;
    try {
      settings = settings(arguments);
    } catch (IOException | RuntimeException e) {
      System.err.println(e.getMessage());
      System.err.print(USAGE);
      System.exit(2);
      return;
    }
    LocalSite site;
    try {
      site = LocalSite.start(settings);
    } catch (IOException e) {
      System.err.println("Local site: cannot start: " + e.getMessage());
      System.exit(1);
      return;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(site::close, "localsite-shutdown"));
    System.out.printf(
        "URL         %s%nuser        %s%npassword    %s%ncertificate %s%n",
        site.baseUrl(), site.user(), site.passwordFile(), site.certificateFile());
    new CountDownLatch(1).await();
  }

  static LocalSiteSettings settings(String... arguments) throws IOException {
    LocalSiteSettings.Builder builder = LocalSiteSettings.builder();
    for (int i = 0; i < arguments.length; i++) {
      String option = arguments[i];
      if (option.equals("--plain")) {
        builder.tls(false);
        continue;
      }
      if (option.equals("--gateway-faults")) {
        builder.gateway(GatewayFaults.ALL);
        continue;
      }
      if (option.equals("--help")) {
        throw new IllegalArgumentException("");
      }
      if (i + 1 == arguments.length) {
        throw new IllegalArgumentException("Local site: option " + option + " needs a value");
      }
      String value = arguments[++i];
      switch (option) {
        case "--port" -> builder.port(Integer.parseInt(value));
        case "--bind" -> builder.bindAddress(InetAddress.getByName(value));
        case "--site-name" -> builder.siteName(value);
        case "--dir" -> builder.directory(Path.of(value));
        case "--user" -> builder.user(value);
        case "--queue" -> builder.queue(name(value), new Queue(Integer.parseInt(afterName(value))));
        case "--application" ->
            builder.application(name(value), new Application("1.0", afterName(value)));
        case "--python" -> builder.dask(Path.of(value));
        case "--state-lag" -> builder.stateLag(Duration.parse(value));
        case "--connecting" ->
            builder.gateway(new GatewayFaults(Duration.parse(value), 0, false, false, 0));
        case "--queue-delay" -> builder.queueDelay(Duration.parse(value));
        default -> throw new IllegalArgumentException("Local site: unknown option " + option);
      }
    }
    return builder.build();
  }

  private static String name(String pair) {
    return pair.substring(0, equals(pair));
  }

  private static String afterName(String pair) {
    return pair.substring(equals(pair) + 1);
  }

  private static int equals(String pair) {
    int at = pair.indexOf('=');
    if (at < 1) {
      throw new IllegalArgumentException("Local site: expected NAME=VALUE instead of " + pair);
    }
    return at;
  }
}
