package io.unicoredask.autoconfigure;

import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.ProcessEngineConfiguration;
import org.springframework.boot.test.context.runner.AbstractApplicationContextRunner;

/** A real engine, in memory, for contexts without Camunda's starter; one for all tests. */
class TestEngine {

  private static final ProcessEngine ENGINE =
      ProcessEngineConfiguration.createStandaloneInMemProcessEngineConfiguration()
          .setJdbcUrl("jdbc:h2:mem:autoconfigure-test;DB_CLOSE_DELAY=-1")
          .setProcessEngineName("autoconfigure-test")
          .buildProcessEngine();

  private TestEngine() {}

  /** Puts it into the context, which does not close it. */
  static <R extends AbstractApplicationContextRunner<R, ?, ?>> R in(R context) {
    return context.withBean(
        ProcessEngine.class, () -> ENGINE, bean -> bean.setDestroyMethodName(""));
  }
}
