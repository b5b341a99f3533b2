package io.unicoredask.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.TestSite;
import io.unicoredask.dask.SchedulerFile;
import io.unicoredask.localsite.GatewayFaults;
import io.unicoredask.relay.RelayFile;
import io.unicoredask.relay.RelayService;
import io.unicoredask.tunnel.Tunnel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How a Dask client feels through a relay behind a Gateway that holds answers back, beside one
 * without a tunnel, a direct forwarding, and the forwarder of PyUNICORE. Not a test, and not run as
 * one: {@code mvn test -Dtest=RoundTripBenchmark} prints a table, the medians of all rounds and how
 * far they lie apart.
 */
class RoundTripBenchmark {

  private static final int ROUNDS = Integer.getInteger("benchmark.rounds", 3);
  private static final int CALLS = Integer.getInteger("benchmark.calls", 300);

  /** One answer in how many is held back while something goes up the same connection. */
  private static final int HOLDS_ONE_IN = Integer.getInteger("benchmark.holds", 50);

  private static final Pattern LISTENING = Pattern.compile("Listening on .*, (\\d+)\\)");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void endPrograms() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void roundTripsOfADaskClient() throws Exception {
    GatewayFaults gateway = new GatewayFaults(Duration.ZERO, HOLDS_ONE_IN, false, false, 0);
    try (RelaySite site = new RelaySite(gateway)) {
      URI job = site.startDask(1);
      SchedulerFile scheduler = site.schedulerFile(job);
      RelayFile relay = site.relayFile(job);
      Map<String, Integer> ports = new LinkedHashMap<>();
      ports.put("no tunnel", scheduler.port());
      ports.put("relay", port(site.relay(job).open(0, RelayService.SCHEDULER)));
      RelayFile earlier = new RelayFile(relay.host(), relay.port(), false, false);
      ports.put(
          "relay, one connection", port(site.relay(job, earlier).open(0, RelayService.SCHEDULER)));
      ports.put(
          "direct",
          port(site.factory.open(0, site.forwarding(job, scheduler.host(), scheduler.port()))));
      ports.put("PyUNICORE", pyunicore(site, job, scheduler));

      Map<String, List<JsonNode>> results = new LinkedHashMap<>();
      for (int round = 0; round < ROUNDS; round++) {
        for (Map.Entry<String, Integer> way : ports.entrySet()) {
          results
              .computeIfAbsent(way.getKey(), first -> new ArrayList<>())
              .add(measure(way.getValue()));
        }
      }
      print(results);
    }
  }

  private static int port(Tunnel tunnel) {
    return tunnel.localAddress().getPort();
  }

  /** The forwarder that comes with PyUNICORE; it does not check the site's certificate. */
  private int pyunicore(RelaySite site, URI job, SchedulerFile scheduler) throws Exception {
    Path environment = Path.of("target", "pyunicore").toAbsolutePath();
    Path python = environment.resolve("bin/python");
    if (!Files.exists(environment.resolve("bin/unicore-port-forwarder"))) {
      run(TestSite.python().toString(), "-m", "venv", environment.toString());
      run(python.toString(), "-m", "pip", "install", "--quiet", "pyunicore");
    }
    URI endpoint = site.unicore.resolve(site.unicore.job(job).forwarding());
    Process forwarder =
        new ProcessBuilder(
                python.toString(),
                "-u",
                "-m",
                "pyunicore.forwarder",
                "-L",
                "0",
                "-u",
                site.local.user(),
                "-p",
                Files.readString(site.local.passwordFile()),
                "%s?host=%s&port=%d".formatted(endpoint, scheduler.host(), scheduler.port()))
            .redirectErrorStream(true)
            .start();
    started.add(forwarder);
    BufferedReader output = forwarder.inputReader();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      Matcher listening = LISTENING.matcher(line);
      if (listening.find()) {
        return Integer.parseInt(listening.group(1));
      }
    }
    throw new IOException("the forwarder of PyUNICORE does not listen");
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " failed");
    }
  }

  private JsonNode measure(int port) throws Exception {
    Path program = directory.resolve("round_trips.py");
    try (InputStream source = getClass().getResourceAsStream("/benchmarks/round_trips.py")) {
      Files.write(program, source.readAllBytes());
    }
    Process client =
        new ProcessBuilder(
                TestSite.python().toString(),
                program.toString(),
                "tcp://127.0.0.1:" + port,
                String.valueOf(CALLS))
            .redirectError(directory.resolve("errors").toFile())
            .start();
    started.add(client);
    String result = new String(client.getInputStream().readAllBytes());
    return result.isBlank() ? JSON.createObjectNode().put("stuck", true) : JSON.readTree(result);
  }

  private static void print(Map<String, List<JsonNode>> results) {
    Map<String, ToDoubleFunction<JsonNode>> columns = new LinkedHashMap<>();
    for (String what : List.of("call", "task")) {
      for (String cut : List.of("p50", "p95", "p99")) {
        columns.put(what + " " + cut + ", ms", run -> run.path(what).path(cut).asDouble(-1));
      }
    }
    columns.put("2,000 tasks, s", run -> run.path("tasks").asDouble(-1));
    columns.put("up, MB/s", run -> run.path("up").asDouble(-1));
    columns.put("down, MB/s", run -> run.path("down").asDouble(-1));
    System.out.printf("| | %s | stuck |%n", String.join(" | ", columns.keySet()));
    System.out.println("|---".repeat(columns.size() + 2) + "|");
    results.forEach(
        (way, runs) -> {
          StringBuilder row = new StringBuilder("| " + way);
          columns.values().forEach(column -> row.append(" | ").append(cell(runs, column)));
          long stuck = runs.stream().filter(run -> run.path("stuck").asBoolean()).count();
          System.out.printf("%s | %d of %d |%n", row, stuck, runs.size());
        });
  }

  /** The median, and in brackets the least and the most. */
  private static String cell(List<JsonNode> runs, ToDoubleFunction<JsonNode> column) {
    double[] values =
        runs.stream().mapToDouble(column).filter(value -> value >= 0).sorted().toArray();
    return values.length == 0
        ? "–"
        : "%.1f (%.1f–%.1f)"
            .formatted(values[values.length / 2], values[0], values[values.length - 1]);
  }
}
