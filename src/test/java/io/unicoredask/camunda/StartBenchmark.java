package io.unicoredask.camunda;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.TestSite;
import io.unicoredask.dask.SchedulerFile;
import io.unicoredask.dask.SchedulerHttp;
import io.unicoredask.dask.SchedulerHttpException;
import io.unicoredask.dask.SchedulerProbe;
import io.unicoredask.tunnel.Forwarding;
import io.unicoredask.tunnel.Tunnel;
import io.unicoredask.tunnel.TunnelFactory;
import io.unicoredask.tunnel.TunnelSettings;
import io.unicoredask.unicore.Job;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/**
 * How long it takes from the start to a cluster with two workers, beside a plain script that does
 * the same calls and looks for what it waits for five times a second. Not a test, and not run as
 * one: {@code mvn test -Dtest=StartBenchmark -Dtest.lag=10000} prints both, in seconds, for a site
 * whose states lag ten seconds behind; {@code -Dbenchmark.queue} has the jobs queue for so many
 * seconds, and tells what comes after them.
 */
@TestPropertySource(
    properties = {"unicore-dask.watch.shortest=500ms", "unicore-dask.watch.longest=10s"})
class StartBenchmark extends ProcessTest {

  private static final int ROUNDS = Integer.getInteger("benchmark.rounds", 5);
  private static final int QUEUE = Integer.getInteger("benchmark.queue", 0);
  private static final int WORKERS = 2;
  private static final String SCHEDULER_FILE = "dask.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final UnicoreSite site = TestSite.unicore();
  private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();

  @Test
  void startToReady() throws Exception {
    List<Double> script = new ArrayList<>();
    List<Double> engine = new ArrayList<>();
    for (int round = 0; round <= ROUNDS; round++) {
      double one = afterTheQueue(this::script);
      double other = afterTheQueue(this::engine);
      if (round > 0) { // the first warms up
        script.add(one);
        engine.add(other);
      }
    }
    later.shutdown();
    System.out.printf("script: %s%nengine: %s%n", summary(script), summary(engine));
  }

  private static String summary(List<Double> seconds) {
    List<Double> sorted = seconds.stream().sorted().toList();
    return "%.2f s (%.2f to %.2f)"
        .formatted(sorted.get(sorted.size() / 2), sorted.get(0), sorted.get(sorted.size() - 1));
  }

  /** Returns how many seconds it took from when the queue let the jobs run. */
  private double afterTheQueue(Callable<Runnable> start) throws Exception {
    if (QUEUE == 0) {
      return timed(start);
    }
    ObjectNode job = JSON.createObjectNode().put("Executable", "sleep 3600");
    job.withObject("/Resources").put("Queue", "small").put("Nodes", TestSite.SMALL);
    URI somebodyElses = site.submit(job);
    later.schedule(() -> site.abort(somebodyElses), QUEUE, TimeUnit.SECONDS);
    return timed(start) - QUEUE;
  }

  private static double timed(Callable<Runnable> start) throws Exception {
    long begin = System.nanoTime();
    Runnable end = start.call();
    double seconds = (System.nanoTime() - begin) / 1e9;
    end.run();
    return seconds;
  }

  private static <T> T soon(Callable<Optional<T>> look) {
    return await()
        .pollInterval(Duration.ofMillis(200))
        .atMost(LIMIT)
        .until(look, Optional::isPresent)
        .orElseThrow();
  }

  private Runnable engine() {
    Map<String, Object> variables = new HashMap<>(Map.of("workers", WORKERS));
    if (QUEUE > 0) {
      variables.put("queue", "small");
    }
    ProcessInstance cluster = start(variables);
    await()
        .pollInterval(Duration.ofMillis(50))
        .atMost(LIMIT)
        .until(() -> "RUNNING".equals(variable(cluster, "clusterStatus")));
    return () -> {
      send(cluster, "dask-cluster-teardown", Map.of());
      awaitEnd(cluster);
    };
  }

  private Runnable script() throws Exception {
    List<URI> jobs = new ArrayList<>();
    URI scheduler = submit("dask-scheduler", "--port", "0", "--scheduler-file", SCHEDULER_FILE);
    jobs.add(scheduler);
    URI directory = soon(() -> Optional.ofNullable(site.job(scheduler).workingDirectory()));
    String file = "'%s/%s'".formatted(site.storage(directory).mountPoint(), SCHEDULER_FILE);
    for (int worker = 0; worker < WORKERS; worker++) {
      jobs.add(submit("dask-worker", "--scheduler-file", file, "--nthreads", "1"));
    }
    SchedulerFile listening =
        soon(() -> site.file(directory, SCHEDULER_FILE).flatMap(SchedulerFile::parse));
    Job job = site.job(scheduler);
    try (TunnelFactory factory = new TunnelFactory(TunnelSettings.defaults())) {
      Tunnel tunnel = factory.open(0, forwarding(job, listening.host(), listening.port()));
      Tunnel http = factory.open(0, forwarding(job, listening.host(), listening.dashboardPort()));
      SchedulerProbe.probe(tunnel.localAddress(), "tcp", LIMIT);
      SchedulerHttp api =
          SchedulerHttp.at(
              URI.create("http://127.0.0.1:" + http.localAddress().getPort()), http::lastFailure);
      soon(() -> Optional.of(api).filter(StartBenchmark::hasWorkers));
    }
    return () -> jobs.forEach(site::abort);
  }

  private static boolean hasWorkers(SchedulerHttp scheduler) {
    try {
      return scheduler.counts().workers() == WORKERS;
    } catch (SchedulerHttpException e) {
      return false;
    }
  }

  private URI submit(String application, String... arguments) {
    ObjectNode job = JSON.createObjectNode().put("ApplicationName", application);
    List.of(arguments).forEach(job.putArray("Arguments")::add);
    SchedulerHttp.API_ENVIRONMENT.forEach(
        (name, value) -> job.withArray("/Environment").add(name + "=" + value));
    if (QUEUE > 0) {
      job.withObject("/Resources").put("Queue", "small");
    }
    return site.submit(job);
  }

  private Forwarding forwarding(Job job, String host, int port) {
    return new Forwarding(
        "local",
        site.resolve(job.forwarding()),
        host,
        port,
        site::authentication,
        TestSite.trust(TestSite.site()));
  }
}
