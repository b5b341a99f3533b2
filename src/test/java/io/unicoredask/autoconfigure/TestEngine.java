package io.unicoredask.autoconfigure;

import io.unicoredask.SharedMappings;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.ProcessEngines;
import org.camunda.bpm.engine.impl.cfg.StandaloneInMemProcessEngineConfiguration;
import org.springframework.boot.test.context.runner.AbstractApplicationContextRunner;

/** A real engine, in memory, for contexts without Camunda's starter; one for all tests. */
class TestEngine {

  private static final ProcessEngine ENGINE = start("autoconfigure-test");

  private TestEngine() {}

  /**
   * Starts another one. None is registered: the engine of the application of all tests has to be
   * the only one there, since that is how assertions in other threads find it.
   */
  static ProcessEngine start(String name) {
    StandaloneInMemProcessEngineConfiguration configuration =
        new StandaloneInMemProcessEngineConfiguration();
    configuration.getProcessEnginePlugins().add(new SharedMappings());
    ProcessEngine engine =
        configuration
            .setJdbcUrl("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1")
            .setProcessEngineName(name)
            .buildProcessEngine();
    ProcessEngines.unregister(engine);
    return engine;
  }

  /** Puts it into the context, which does not close it. */
  static <R extends AbstractApplicationContextRunner<R, ?, ?>> R in(R context) {
    return context.withBean(
        ProcessEngine.class, () -> ENGINE, bean -> bean.setDestroyMethodName(""));
  }
}
