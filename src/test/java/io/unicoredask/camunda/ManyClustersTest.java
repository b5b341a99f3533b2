package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.unicoredask.TestSite;
import io.unicoredask.localsite.LocalJob;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Very many clusters at once, of schedulers and workers that only look like Dask's.
 *
 * <p>The system property {@code clusters} (30) says how many.
 */
class ManyClustersTest extends ProcessTest {

  /** The state of a listening socket in Linux's tables. */
  private static final String LISTEN = "0A";

  private static final Logger LOG = LoggerFactory.getLogger(ManyClustersTest.class);
  private static final int CLUSTERS = Integer.getInteger("clusters", 30);
  private static final Duration LIMIT = Duration.ofMinutes(5);

  @Test
  void manyClustersAtOnceComeUpAndAreTornDownAndLeaveNothing() throws Exception {
    ProcessInstance first = start(light());
    awaitStatus(first, "RUNNING");
    tearDown(first);
    awaitEnd(first);
    await().atMost(LIMIT).until(() -> runningJobs(first).isEmpty());
    long processes = processes();
    Map<String, Long> threads = threads();

    long begin = System.nanoTime();
    List<ProcessInstance> clusters =
        IntStream.range(0, CLUSTERS).parallel().mapToObj(number -> start(light())).toList();
    say("started", begin);
    await().atMost(LIMIT).until(() -> with(clusters, "RUNNING") == CLUSTERS);
    say("ready", begin);
    List<Integer> ports = clusters.stream().flatMap(this::ports).toList();
    assertThat(ports).doesNotHaveDuplicates().hasSize(2 * CLUSTERS).allMatch(this::isOpen);
    assertThat(listening()).containsAll(ports);
    assertThat(clusters.stream().flatMap(cluster -> runningJobs(cluster).stream()))
        .hasSize(2 * CLUSTERS);
    assertThatExceptionOfType(ProcessEngineException.class)
        .isThrownBy(() -> start(Map.of("localPort", ports.get(0))))
        .withMessageContaining("DASK_PORT_IN_USE")
        .withMessageContaining(clusters.get(0).getId());

    clusters.parallelStream().forEach(this::tearDown);
    say("told to end", begin);
    await().atMost(LIMIT).until(() -> clusters.stream().allMatch(this::isOver));
    say("over", begin);
    assertThat(with(clusters, "STOPPED")).isEqualTo(CLUSTERS);
    await()
        .atMost(LIMIT)
        .until(() -> TestSite.site().jobs().stream().noneMatch(ManyClustersTest::isOurs));
    say("no job left", begin);
    await().atMost(LIMIT).untilAsserted(() -> assertThat(processes()).isEqualTo(processes));
    say("no process left", begin);
    assertThat(ports).doesNotContainAnyElementsOf(listening());
    await().atMost(LIMIT).untilAsserted(() -> assertNoneGrewWithTheClusters(threads));
  }

  private static Map<String, Object> light() {
    try {
      String program =
          "{\"Executable\": \"'%s' -S -E '%s' %%s\"}"
              .formatted(TestSite.python().toAbsolutePath(), TestSite.program("light-dask.py"));
      return Map.of(
          "workers",
          1,
          "connectDashboard",
          true,
          // It starts no relay, which a cluster would wait for.
          "tunnel",
          "direct",
          "schedulerJob",
          program.formatted("scheduler"),
          "workerJob",
          program.formatted("worker"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void tearDown(ProcessInstance cluster) {
    send(cluster, "dask-cluster-teardown", Map.of());
  }

  private long with(List<ProcessInstance> clusters, String status) {
    return historyService
        .createHistoricVariableInstanceQuery()
        .processInstanceIdIn(clusters.stream().map(ProcessInstance::getId).toArray(String[]::new))
        .variableName("clusterStatus")
        .variableValueEquals("clusterStatus", status)
        .count();
  }

  private static boolean isOurs(LocalJob job) {
    return job.running() && job.tags().contains("camunda-unicore-dask");
  }

  private Stream<Integer> ports(ProcessInstance cluster) {
    return Stream.of("schedulerAddress", "dashboardUrl")
        .map(name -> URI.create((String) variable(cluster, name)).getPort());
  }

  private boolean isOpen(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The ports that this process listens on; others may have taken what was given back. */
  private static Set<Integer> listening() {
    try {
      Set<String> own = new HashSet<>();
      try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
        for (Path file : files) {
          try {
            own.add(Files.readSymbolicLink(file).toString());
          } catch (NoSuchFileException e) {
            // closed meanwhile
          }
        }
      }
      return Stream.of("tcp", "tcp6")
          .flatMap(table -> lines(Path.of("/proc/self/net", table)))
          .map(line -> line.strip().split("\\s+"))
          .filter(socket -> socket[3].equals(LISTEN) && own.contains("socket:[" + socket[9] + "]"))
          .map(socket -> Integer.parseInt(socket[1].replaceAll(".*:", ""), 16))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Stream<String> lines(Path table) {
    try {
      return Files.readAllLines(table).stream();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static long processes() {
    return ProcessHandle.current().descendants().count();
  }

  /** How many threads there are of each name, numbers left out of it. */
  private static Map<String, Long> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(thread -> thread.getName().replaceAll("\\d+", "#"))
        .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
  }

  /** Pools may have grown; the JDK keeps a thread for each process for a minute. */
  private static void assertNoneGrewWithTheClusters(Map<String, Long> before) {
    Map<String, Long> after = threads();
    assertThat(after.get("unicore-dask-watcher")).isEqualTo(before.get("unicore-dask-watcher"));
    after.remove("process reaper");
    assertThat(after)
        .allSatisfy(
            (name, count) ->
                assertThat(count - before.getOrDefault(name, 0L)).isLessThan(CLUSTERS / 2));
  }

  private static void say(String what, long begin) {
    LOG.info("{} clusters {} after {} ms", CLUSTERS, what, (System.nanoTime() - begin) / 1_000_000);
  }
}
