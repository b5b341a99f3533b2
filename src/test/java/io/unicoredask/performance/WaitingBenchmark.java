package io.unicoredask.performance;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.site.RequestBudget;
import io.unicoredask.performance.Bench.Rates;
import io.unicoredask.performance.MeasuredDatabase.History;
import io.unicoredask.unicore.SiteSettings;
import io.unicoredask.unicore.UnicoreSite;
import io.unicoredask.unicore.UnicoreSites;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * What clusters cost while nothing happens, and how fast one grows. Not a test, and not run as one:
 * {@code mvn test -Dtest=WaitingBenchmark -Dtest.jvm=} prints tables.
 */
class WaitingBenchmark {

  private static final int USUAL_RATE = RequestBudget.DEFAULT_RATE;
  private static final int HIGH_RATE = 1000;

  /** So many are submitted at the high rate: at the usual one it would take half an hour. */
  private static final int MANY = 2000;

  private static final int WARM_UP = Integer.getInteger("benchmark.warmup", 300);
  private static final Duration SETTLING =
      Duration.ofSeconds(Integer.getInteger("benchmark.settle", 120));
  private static final Duration MEASURED =
      Duration.ofSeconds(Integer.getInteger("benchmark.seconds", 60));
  private static final Duration PATIENCE = Duration.ofHours(1);

  /** As many as {@link io.unicoredask.cluster.keeper.Keepers} has for a site. */
  private static final int THREADS = 16;

  private static List<Integer> sizes(String property, String usual) {
    return Arrays.stream(System.getProperty(property, usual).split(","))
        .filter(size -> !size.isBlank())
        .map(Integer::valueOf)
        .toList();
  }

  @Test
  void clustersWhoseJobsQueueOrRun() throws Exception {
    List<String> rows = new ArrayList<>();
    for (int size : sizes("benchmark.sizes", "1,100,1000")) {
      rows.add(measure(size, "queued", "full"));
    }
    for (int size : sizes("benchmark.ready", "100")) {
      rows.add(measure(size, "ready", "free"));
    }
    System.out.println(
        """

        | clusters | engine, % of a core | database, % of a core | transactions/s | requests a minute to the site | rows of history a cluster | KB of history a cluster | heap in use, MB | all started, s | a start, ms | another answer meanwhile, ms | the slowest of these, ms |
        |---|---|---|---|---|---|---|---|---|---|---|---|""");
    rows.forEach(System.out::println);
  }

  private static String measure(int size, String how, String queue) throws Exception {
    try (Bench bench = new Bench(size > MANY ? HIGH_RATE : USUAL_RATE)) {
      Map<String, Object> variables =
          Map.of(
              "queue", Map.of("value", queue),
              "localPort", Map.of("value", 0),
              "tunnel", Map.of("value", "direct"));
      bench.warmUp(WARM_UP, variables);
      double engineBefore = bench.engine().process().processorTime().toMillis();
      double databaseBefore = 1e3 * bench.database().processorSeconds();
      Starts starts = Starts.of(bench.engine(), size, variables);
      System.out.println("Started: " + starts);
      System.out.printf(
          Locale.ROOT,
          "Milliseconds of a core for each: engine %.0f, database %.0f%n",
          (bench.engine().process().processorTime().toMillis() - engineBefore) / size,
          (1e3 * bench.database().processorSeconds() - databaseBefore) / size);
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> there(bench, queue) >= size);
      System.out.println("Requests until all are " + how + ": " + bench.requests());
      if (size > MANY) {
        bench.engine().start(USUAL_RATE);
      }
      Thread.sleep(SETTLING.toMillis());
      Rates rates = bench.measure(MEASURED);
      History history = bench.history();
      String row =
          String.format(
              Locale.ROOT,
              "| %,d %s | %.1f | %.1f | %.1f | %,d | %.0f | %.1f | %d | %.1f | %.0f | %.0f | %.0f |",
              size,
              how,
              rates.engine(),
              rates.database(),
              rates.transactions(),
              rates.requests(),
              1.0 * history.rows() / size,
              history.bytes() / 1024.0 / size,
              bench.engine().process().liveMebibytes(),
              starts.seconds(),
              starts.start(),
              starts.look(),
              starts.worst());
      System.out.println(row);
      return row;
    }
  }

  private static long there(Bench bench, String queue) throws Exception {
    return queue.equals("full")
        ? bench
            .database()
            .number("SELECT count(*) FROM unicore_dask_job WHERE working_directory_ IS NOT NULL")
        : bench
            .database()
            .number("SELECT count(*) FROM unicore_dask_cluster WHERE ready_since_ IS NOT NULL");
  }

  @Test
  void aClusterThatGrows() throws Exception {
    List<String> rows = new ArrayList<>();
    for (int jobs : sizes("benchmark.jobs", "1000")) {
      for (int rate : sizes("benchmark.rates", USUAL_RATE + "," + HIGH_RATE)) {
        rows.add(grow(jobs, rate));
      }
    }
    System.out.println(
        """

        | worker jobs | requests/s allowed | bare submissions, s | all submitted, s | all connected, s | requests | KB of history |
        |---|---|---|---|---|---|---|""");
    rows.forEach(System.out::println);
  }

  private static String grow(int jobs, int rate) throws Exception {
    try (Bench bench = new Bench(rate)) {
      bench
          .engine()
          .startCluster(
              Map.of(
                  "queue", Map.of("value", "free"),
                  "localPort", Map.of("value", 0),
                  "tunnel", Map.of("value", "direct")));
      await().atMost(PATIENCE).until(() -> there(bench, "free") == 1);
      double bare = bareSubmissions(bench, jobs, rate);
      Map<String, Long> before = bench.requests();
      long historyBefore = bench.history().bytes();
      long began = System.nanoTime();
      bench
          .engine()
          .call(
              "POST",
              "/message",
              Map.of(
                  "messageName",
                  "dask-cluster-scale",
                  "processVariables",
                  Map.of("workers", Map.of("value", jobs))));
      await().atMost(PATIENCE).until(() -> bench.requests("submit") - before.get("submit") >= jobs);
      double submitted = (System.nanoTime() - began) / 1e9;
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  bench.database().number("SELECT connected_workers_ FROM unicore_dask_cluster")
                      >= jobs);
      double connected = (System.nanoTime() - began) / 1e9;
      String row =
          String.format(
              Locale.ROOT,
              "| %,d | %,d | %.1f | %.1f | %.1f | %s | %d |",
              jobs,
              rate,
              bare,
              submitted,
              connected,
              bench.requestsSince(before),
              (bench.history().bytes() - historyBefore) / 1024);
      System.out.println(row);
      return row;
    }
  }

  /** The same client, as many threads, as many requests a second; and nothing else. */
  private static double bareSubmissions(Bench bench, int jobs, int rate) throws Exception {
    UnicoreSite site =
        UnicoreSites.connect(
            new SiteSettings(
                "standin",
                bench.siteUrl(),
                () -> "Basic bWU6c2VjcmV0",
                null,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                null),
            new RequestBudget(rate));
    ObjectNode job = new ObjectMapper().createObjectNode();
    job.put("ApplicationName", "dask-worker").putArray("Tags").add("bare");
    site.info();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      long began = System.nanoTime();
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < jobs; i++) {
        all.add(threads.submit(() -> site.submit(job)));
      }
      for (Future<?> one : all) {
        one.get();
      }
      return (System.nanoTime() - began) / 1e9;
    } finally {
      threads.shutdown();
    }
  }
}
