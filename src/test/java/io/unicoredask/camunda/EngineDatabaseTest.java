package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.unicoredask.camunda.engine.Transaction;
import java.util.ArrayList;
import java.util.List;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.ProcessEngines;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.cfg.StandaloneProcessEngineConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** An engine without Spring keeps our rows in its own transactions, too. */
class EngineDatabaseTest {

  private static final String COUNT = "SELECT COUNT(*) FROM OURS";

  private static ProcessEngine engine;
  private static ProcessEngineConfigurationImpl configuration;

  @BeforeAll
  static void start() {
    engine = MemoryEngine.start("database-test", new StandaloneProcessEngineConfiguration());
    ProcessEngines.unregister(engine);
    configuration = (ProcessEngineConfigurationImpl) engine.getProcessEngineConfiguration();
    outside().execute("CREATE TABLE OURS (ID_ INT)");
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @Test
  void whatATransactionHasWrittenThatFailsIsNotThere() {
    EngineDatabase database = new EngineDatabase(configuration);
    int before = rows();

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                database.inTransaction(
                    context -> {
                      database.update("INSERT INTO OURS VALUES (1)");
                      throw new IllegalStateException("it fails");
                    }));

    assertThat(rows()).isEqualTo(before);
  }

  @Test
  void whatIsCommittedIsThereForThoseWhoAreToldSo() {
    EngineDatabase database = new EngineDatabase(configuration);
    int before = rows();
    List<Integer> seen = new ArrayList<>();

    database.inTransaction(
        context -> {
          Transaction.current().whenCommitted(() -> seen.add(rows()));
          return database.update("INSERT INTO OURS VALUES (2)");
        });

    assertThat(seen).containsExactly(before + 1);
    assertThat(rows()).isEqualTo(before + 1);
  }

  private static int rows() {
    return outside().queryForObject(COUNT, Integer.class);
  }

  private static JdbcTemplate outside() {
    return new JdbcTemplate(configuration.getDataSource());
  }
}
