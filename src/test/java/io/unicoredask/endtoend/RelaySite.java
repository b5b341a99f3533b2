package io.unicoredask.endtoend;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.TestSite;
import io.unicoredask.dask.SchedulerFile;
import io.unicoredask.dask.SchedulerHttp;
import io.unicoredask.localsite.GatewayFaults;
import io.unicoredask.localsite.LocalSite;
import io.unicoredask.localsite.LocalSiteSettings;
import io.unicoredask.relay.RelayConnection;
import io.unicoredask.relay.RelayFile;
import io.unicoredask.relay.RelayProgram;
import io.unicoredask.relay.RelaySecret;
import io.unicoredask.tunnel.Forwarding;
import io.unicoredask.tunnel.TunnelFactory;
import io.unicoredask.tunnel.TunnelSettings;
import io.unicoredask.unicore.Storage;
import io.unicoredask.unicore.UnicoreException;
import io.unicoredask.unicore.UnicoreSite;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** A local site behind a Gateway, whose jobs have relays. */
final class RelaySite implements AutoCloseable {

  static final String SCHEDULER_FILE = "dask.json";
  static final Duration LIMIT = Duration.ofMinutes(5);

  private static final ObjectMapper JSON = new ObjectMapper();

  final TunnelFactory factory = new TunnelFactory(TunnelSettings.defaults());
  final UnicoreSite unicore;
  private final RelaySecret secret = RelaySecret.random();
  final LocalSite local;

  RelaySite(GatewayFaults gateway) throws IOException {
    local =
        LocalSite.start(
            LocalSiteSettings.builder()
                .stateLag(Duration.ofMillis(300))
                .dask(TestSite.python())
                .gateway(gateway)
                .build());
    unicore = TestSite.unicore(local);
  }

  /** What the Gateway answers 503 is tried again. */
  <T> T atLast(Callable<T> call) {
    return await().atMost(LIMIT).ignoreException(UnicoreException.class).until(call, it -> true);
  }

  /** A job whose directory has all that a relay needs, as a scheduler's job has. */
  URI submit(ObjectNode job) {
    ArrayNode imports = job.putArray("Imports");
    for (String file : RelayProgram.FILES) {
      ObjectNode program = imports.addObject().put("From", "inline://" + file).put("To", file);
      RelayProgram.lines(file).forEach(program.putArray("Data")::add);
    }
    imports
        .addObject()
        .put("From", "inline://" + RelayProgram.SECRET_FILE)
        .put("To", RelayProgram.SECRET_FILE)
        .put("Data", secret.toHex());
    return atLast(() -> unicore.submit(job));
  }

  /** A Dask scheduler with a relay, and workers of one thread each. */
  URI startDask(int workers) {
    ObjectNode scheduler = JSON.createObjectNode().put("ApplicationName", "dask-scheduler");
    ArrayNode arguments = scheduler.putArray("Arguments");
    List.of("--port", "0", "--scheduler-file", "./" + SCHEDULER_FILE).forEach(arguments::add);
    List.of("--preload", RelayProgram.PRELOAD).forEach(arguments::add);
    ArrayNode environment = scheduler.putArray("Environment");
    SchedulerHttp.API_ENVIRONMENT.forEach((name, value) -> environment.add(name + "=" + value));
    URI job = submit(scheduler);
    String file = directory(job).mountPoint() + "/" + SCHEDULER_FILE;
    for (int i = 0; i < workers; i++) {
      ObjectNode worker = JSON.createObjectNode().put("ApplicationName", "dask-worker");
      worker.putArray("Arguments").add("--scheduler-file").add(file).add("--nthreads").add("1");
      atLast(() -> unicore.submit(worker));
    }
    return job;
  }

  SchedulerFile schedulerFile(URI job) {
    return await()
        .atMost(LIMIT)
        .until(() -> SchedulerFile.parse(file(job, SCHEDULER_FILE)), Optional::isPresent)
        .orElseThrow();
  }

  Storage directory(URI job) {
    URI directory =
        await()
            .atMost(LIMIT)
            .ignoreException(UnicoreException.class)
            .until(() -> unicore.job(job).workingDirectory(), it -> it != null);
    return atLast(() -> unicore.storage(directory));
  }

  private byte[] file(URI job, String name) {
    URI directory = atLast(() -> unicore.job(job).workingDirectory());
    return await()
        .atMost(LIMIT)
        .ignoreException(UnicoreException.class)
        .until(() -> unicore.file(directory, name), Optional::isPresent)
        .orElseThrow();
  }

  Forwarding forwarding(URI job, String host, int port) {
    URI endpoint = atLast(() -> unicore.job(job).forwarding());
    return new Forwarding(
        "local",
        unicore.resolve(endpoint),
        host,
        port,
        unicore::authentication,
        TestSite.trust(local));
  }

  RelayFile relayFile(URI job) {
    return RelayFile.parse(file(job, RelayProgram.RELAY_FILE));
  }

  /** A connection to a job's relay. */
  RelayConnection relay(URI job) {
    return relay(job, relayFile(job));
  }

  /** The same, with what the relay is to be taken for. */
  RelayConnection relay(URI job, RelayFile file) {
    RelayConnection relay =
        RelayConnection.open(
            factory, forwarding(job, file.host(), file.port()), secret, file, () -> {});
    await().atMost(LIMIT).until(relay::isConnected);
    return relay;
  }

  @Override
  public void close() {
    factory.close();
    local.close();
  }
}
