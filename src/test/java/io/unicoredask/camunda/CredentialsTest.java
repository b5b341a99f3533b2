package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unicoredask.TestSite;
import io.unicoredask.localsite.LocalJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A site that no longer takes our password stops neither waiting nor teardown. */
class CredentialsTest extends ProcessTest {

  @Autowired DaskRuntime runtime;

  private final Path file = TestSite.site().passwordFile();
  private String password;

  @BeforeEach
  void remember() throws IOException {
    password = Files.readString(file);
  }

  @AfterEach
  void restore() throws IOException {
    Files.writeString(file, password);
  }

  @Test
  void waitingGoesOnAndSaysWhatIsWrongUntilTheyAreRight() throws IOException {
    ProcessInstance cluster = start(Map.of("queue", "full"));
    await().atMost(LIMIT).until(() -> !jobs(cluster).isEmpty());

    expire();
    await().atMost(LIMIT).until(() -> incidents(cluster, EngineRecords.INCIDENT_TYPE) == 1);
    assertThat(incident(cluster)).contains("site 'local'", "HTTP 403", "password file");
    assertThat(variable(cluster, "clusterStatus")).isEqualTo("PENDING");

    restore();
    await().atMost(LIMIT).until(() -> incidents(cluster, EngineRecords.INCIDENT_TYPE) == 0);
    assertThat(variable(cluster, "clusterStatus")).isEqualTo("PENDING");
  }

  @Test
  void aTunnelThatTheyKeepFromOpeningSaysSo() throws IOException {
    ProcessInstance cluster = start(Map.of());
    awaitStatus(cluster, "RUNNING");
    runtime.close();

    Files.writeString(file, "not the password");
    runtime.start();
    await().atMost(LIMIT).until(() -> incidents(cluster, EngineRecords.INCIDENT_TYPE) == 1);
    assertThat(incident(cluster))
        .contains("Dask scheduler", "local, relay at 127.0.0.1", "403 Forbidden");

    restore();
    await().atMost(LIMIT).until(() -> incidents(cluster, EngineRecords.INCIDENT_TYPE) == 0);
    assertThat(variable(cluster, "tunnelInUse")).isEqualTo("relay");
  }

  @Test
  void aTeardownThatTheyStoppedGoesOnByItselfWhenTheyAreRight() throws IOException {
    ProcessInstance cluster = start(Map.of());
    awaitStatus(cluster, "RUNNING");

    expire();
    send(cluster, "dask-cluster-teardown", Map.of());
    await().atMost(LIMIT).until(() -> incidents(cluster, EngineRecords.INCIDENT_TYPE) == 1);
    assertThat(variable(cluster, "clusterStatus")).isEqualTo("STOPPING");
    assertThat(jobs(cluster)).allMatch(LocalJob::running);

    restore();
    awaitEnd(cluster);
    assertThat(variable(cluster, "clusterStatus")).isEqualTo("STOPPED");
    await().atMost(LIMIT).until(() -> jobs(cluster).stream().noneMatch(LocalJob::running));
  }

  /** The site takes another password from now on, and knows no session of ours. */
  private void expire() throws IOException {
    Files.writeString(file, "not the password");
    TestSite.site().endSessions();
  }

  private long incidents(ProcessInstance instance, String type) {
    return runtimeService
        .createIncidentQuery()
        .processInstanceId(instance.getId())
        .incidentType(type)
        .count();
  }

  private String incident(ProcessInstance instance) {
    return runtimeService
        .createIncidentQuery()
        .processInstanceId(instance.getId())
        .singleResult()
        .getIncidentMessage();
  }
}
