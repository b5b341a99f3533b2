package io.unicoredask.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.BareDask;
import io.unicoredask.DaskClient;
import io.unicoredask.Patience;
import io.unicoredask.TestSite;
import io.unicoredask.relay.AgentReport.Worker;
import io.unicoredask.tunnel.FarEnd;
import io.unicoredask.tunnel.Transport;
import io.unicoredask.tunnel.Tunnel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real scheduler with the agent in it, and what it says through its relay. */
class SchedulerAgentTest extends RelayFixture {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir Path job;
  private final RelaySecret secret = RelaySecret.random();
  private final List<Process> processes = new ArrayList<>();
  private final AtomicInteger news = new AtomicInteger();
  private String modules = BareDask.path().toString();

  @AfterEach
  void stop() {
    processes.forEach(
        process -> {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly();
        });
  }

  @Test
  void workersThatComeAndGoAreToldByTheirNames() throws Exception {
    SchedulerAgent agent = agent(scheduler());
    Process worker = worker("worker-1", 2);
    await().until(() -> names(agent).equals(Set.of("worker-1-0", "worker-1-1")));
    assertThat(news).hasPositiveValue();

    worker.destroyForcibly();
    await().until(() -> names(agent).isEmpty());
  }

  @Test
  void workersAreRetiredThoughTheHttpApiIsOff() throws Exception {
    SchedulerAgent agent = agent(scheduler());
    worker("worker-1", 1);
    worker("worker-2", 1);
    await().until(() -> names(agent).size() == 2);
    String address =
        agent.report().orElseThrow().workers().stream()
            .filter(worker -> worker.name().startsWith("worker-1"))
            .map(Worker::address)
            .findFirst()
            .orElseThrow();

    assertThat(agent.retire(List.of(address, "tcp://127.0.0.1:1"), PATIENCE))
        .containsExactlyInAnyOrder(address, "tcp://127.0.0.1:1");
    await()
        .until(
            () ->
                agent.report().orElseThrow().workers().stream()
                    .noneMatch(worker -> worker.address().equals(address)));
    assertThat(agent.loads(PATIENCE)).anySatisfy(load -> assertThat(load.processing()).isZero());
    assertThat(agent.wanted(PATIENCE)).isBetween(0, 2);
    assertThat(agent.report().orElseThrow().busy()).isFalse();
  }

  @Test
  void aSchedulerThatIsKilledIsKnownToBeGone() throws Exception {
    Process scheduler = scheduler();
    RelayConnection connection = connection();
    await().until(() -> report(connection).isPresent());
    int before = news.get();

    scheduler.destroyForcibly();

    await().until(connection::hasSaidGoodbye);
    assertThat(report(connection)).isEmpty();
    assertThat(news.get()).isGreaterThan(before);
  }

  @Test
  void waitingForTheFirstWorkerIsNoIdling() throws Exception {
    Process scheduler = scheduler("--idle-timeout", "1s");
    RelayConnection connection = connection();
    await().until(() -> report(connection).isPresent());
    await().during(Duration.ofSeconds(3)).until(scheduler::isAlive);

    Process worker = worker("worker-1", 1);

    await().until(() -> !scheduler.isAlive());
    worker.destroyForcibly();
  }

  /** Those that come another way, as from the site itself, see the dashboard where it is. */
  @Test
  void clientsThatComeThroughTheRelayAreToldWhereTheDashboardIsHere() throws Exception {
    scheduler();
    RelayConnection connection = connection();
    connection.agent().orElseThrow().linkDashboard("dask.example.org", 4323);
    await().until(() -> report(connection).isPresent());
    Tunnel tunnel = closing(connection.open(0, RelayService.SCHEDULER));

    String here = "tcp://127.0.0.1:" + tunnel.localAddress().getPort();
    assertThat(links(here))
        .containsExactly("http://127.0.0.1:4323/status", "http://dask.example.org:4323/status");
    String atTheSite =
        new ObjectMapper().readTree(job.resolve("dask.json").toFile()).path("address").asText();
    assertThat(links(atTheSite, "127.0.0.2"))
        .hasSize(2)
        .noneMatch(link -> link.contains("4323") || link.contains("example"));

    pid().destroyForcibly();
    await().until(() -> connection.connects() == 2 && report(connection).isPresent());
    assertThat(links(here)).first().isEqualTo("http://127.0.0.1:4323/status");
  }

  @Test
  void theDashboardsPrefixIsInTheLink() throws Exception {
    modules = ""; // with bokeh, since there is no dashboard without
    SchedulerAgent agent = agent(scheduler("--dashboard-prefix", "/of/mine"));
    agent.linkDashboard("127.0.0.1", 4323);
    String scheduler =
        new ObjectMapper().readTree(job.resolve("dask.json").toFile()).path("address").asText();

    String link = "http://127.0.0.1:4323/of/mine/status";
    assertThat(links(scheduler)).contains(link);
  }

  /** What a client shows as the dashboard's link, and then what it shows of the scheduler. */
  private static List<String> links(Object... arguments) throws IOException {
    try (DaskClient client = new DaskClient(TestSite.python(), "/clients/link.py", arguments)) {
      JsonNode seen = client.answer();
      return List.of(seen.path("link").asText(), seen.path("shown").path(1).asText());
    }
  }

  @Test
  void aRelayThatIsKilledHearsAllOfItAgain() throws Exception {
    scheduler();
    RelayConnection connection = connection();
    worker("worker-1", 1);
    await().until(() -> report(connection).filter(now -> now.workers().size() == 1).isPresent());
    RelayFile before = relayFile();

    pid().destroyForcibly();

    await().until(() -> connection.connects() == 2 && report(connection).isPresent());
    assertThat(report(connection).orElseThrow().workers()).hasSize(1);
    assertThat(relayFile().port()).isEqualTo(before.port());
  }

  @Test
  void tenThousandWorkersAreToldInTheirOrderAndInFewMessages() throws Exception {
    RelayProcess.putPrograms(job);
    Path program = job.resolve("crowd.py");
    try (InputStream source = getClass().getResourceAsStream("/relay/crowd.py")) {
      Files.copy(source, program);
    }
    Process crowd =
        dask("crowd.log", List.of(program.toString(), RelayProgram.AGENT_FILE, "10000"));
    assertThat(Patience.seesTheEndOf(crowd)).isTrue();

    JsonNode told = new ObjectMapper().readTree(job.resolve("crowd.log").toFile());
    assertThat(told.path("came").asBoolean()).isTrue();
    assertThat(told.path("left").asBoolean()).isTrue();
    // One every 100 ms, and one more where some have come and others left in one of them.
    assertThat(told.path("lines").asInt())
        .isLessThan((int) (told.path("seconds").asDouble() * 10) + 3);
  }

  @Test
  void whatTheAgentCannotDoIsSaid() throws Exception {
    SchedulerAgent agent = agent(scheduler());
    processes.get(0).destroyForcibly();
    await().until(() -> agent.report().isEmpty());

    assertThatThrownBy(() -> agent.loads(PATIENCE))
        .isInstanceOf(AgentException.class)
        .hasMessageContaining("did not loads: there is no connection");
  }

  private Set<String> names(SchedulerAgent agent) {
    return agent
        .report()
        .map(now -> Set.copyOf(now.workers().stream().map(Worker::name).toList()))
        .orElse(Set.of());
  }

  private static Optional<AgentReport> report(RelayConnection connection) {
    return connection.agent().flatMap(SchedulerAgent::report);
  }

  private SchedulerAgent agent(Process scheduler) throws IOException {
    assertThat(scheduler.isAlive()).isTrue();
    SchedulerAgent agent = connection().agent().orElseThrow();
    await().until(() -> agent.report().isPresent());
    return agent;
  }

  private RelayConnection connection() throws IOException {
    await().until(() -> Files.exists(job.resolve(RelayProgram.RELAY_FILE)));
    RelayFile file = relayFile();
    assertThat(file.hasAgent()).isTrue();
    FarEnd site =
        farEnd(Transport.PLAIN, connection -> FarEnd.pipe(connection, file.host(), file.port()));
    return closing(
        RelayConnection.open(
            factory, forwarding(site.endpoint(), null), secret, file, news::incrementAndGet));
  }

  private RelayFile relayFile() throws IOException {
    return RelayFile.parse(Files.readAllBytes(job.resolve(RelayProgram.RELAY_FILE)));
  }

  private ProcessHandle pid() throws IOException {
    String file = Files.readString(job.resolve(RelayProgram.RELAY_FILE));
    long pid = Long.parseLong(file.replaceAll("(?s).*\"pid\": (\\d+).*", "$1"));
    return ProcessHandle.of(pid).orElseThrow();
  }

  private Process scheduler(String... more) throws IOException {
    RelayProcess.putPrograms(job);
    Files.writeString(job.resolve(RelayProgram.SECRET_FILE), secret.toHex());
    List<String> command =
        new ArrayList<>(
            List.of(
                "-m",
                "distributed.cli.dask_scheduler",
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--dashboard-address",
                ":0",
                "--scheduler-file",
                "./dask.json",
                "--preload",
                RelayProgram.PRELOAD));
    command.addAll(List.of(more));
    return dask("scheduler.log", command);
  }

  private Process worker(String name, int processes) throws IOException {
    return dask(
        name + ".log",
        List.of(
            "-m",
            "distributed.cli.dask_worker",
            "--host",
            "127.0.0.1",
            "--scheduler-file",
            "./dask.json",
            "--name",
            name,
            "--nworkers",
            String.valueOf(processes),
            "--nthreads",
            "1",
            "--no-dashboard"));
  }

  private Process dask(String log, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(TestSite.python().toString()));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(job.toFile())
            .redirectErrorStream(true)
            .redirectOutput(job.resolve(log).toFile());
    builder.environment().put("PYTHONPATH", modules);
    Process process = builder.start();
    processes.add(process);
    return process;
  }
}
