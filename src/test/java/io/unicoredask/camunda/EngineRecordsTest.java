package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.unicoredask.cluster.keeper.Outcome;
import io.unicoredask.cluster.keeper.SideWriting;
import io.unicoredask.cluster.keeper.Superseded;
import java.util.Map;
import java.util.Optional;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class EngineRecordsTest extends ProcessTest {

  private static final Logger ENGINE = (Logger) LoggerFactory.getLogger("org.camunda.bpm.engine");

  private final ListAppender<ILoggingEvent> said = new ListAppender<>();

  @BeforeEach
  void listen() {
    said.start();
    ENGINE.addAppender(said);
  }

  @AfterEach
  void listenNoMore() {
    ENGINE.detachAppender(said);
  }

  /** Whoever deletes an instance in Cockpit at the wrong moment must not wake an operator. */
  @Test
  void whatCannotBePutDownSinceNobodyWaitsAnyMoreIsNoErrorInTheLog() {
    EngineRecords records =
        new EngineRecords(
            new EngineDatabase(
                (ProcessEngineConfigurationImpl) engine.getProcessEngineConfiguration()),
            "a node");
    SideWriting late =
        new SideWriting(
            "an execution that is gone",
            Optional.empty(),
            Map.of(),
            Optional.of(new Outcome.Done()));

    assertThatExceptionOfType(Superseded.class).isThrownBy(() -> records.write(late));

    ENGINE.detachAppender(said); // other clusters go on
    assertThat(said.list)
        .filteredOn(line -> line.getThreadName().equals(Thread.currentThread().getName()))
        .noneMatch(line -> line.getLevel().isGreaterOrEqual(Level.WARN));
  }
}
