package io.unicoredask.camunda.engine;

import java.util.Map;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.cfg.StandaloneProcessEngineConfiguration;
import org.camunda.bpm.engine.impl.interceptor.Command;
import org.camunda.bpm.engine.impl.interceptor.CommandExecutor;

/** An engine that no application context wires: its beans, what it has to have, and its end. */
public final class PlainEngine {

  private final ProcessEngineConfigurationImpl configuration;

  /**
   * @param configuration of the engine, which need not be built yet
   */
  public PlainEngine(ProcessEngineConfigurationImpl configuration) {
    this.configuration = configuration;
  }

  /**
   * Lets expressions use a bean. Where they have the beans of an application context they would no
   * longer find those, and are left alone. Before the engine is initialized.
   */
  public void add(String name, Object bean) {
    Map<Object, Object> given = configuration.getBeans();
    if (given != null || isPlain()) {
      configuration.setBeans(new OneMoreBean(name, bean, given == null ? Map.of() : given));
    }
  }

  /** Not each engine has the same class for transactions that are JTA's; where it is, they do. */
  private boolean isPlain() {
    return configuration instanceof StandaloneProcessEngineConfiguration
        || configuration.getClass().getPackage()
            == ProcessEngineConfigurationImpl.class.getPackage();
  }

  /** A bean that expressions may use. */
  public Object bean(String name) {
    Map<Object, Object> beans = configuration.getBeans();
    Object bean = beans == null || !beans.containsKey(name) ? null : beans.get(name);
    if (bean == null) {
      throw new IllegalStateException(
          "the engine has no bean '%s', which unicore-dask.processes.beans names; put it into the beans of its configuration"
              .formatted(name));
    }
    return bean;
  }

  /**
   * Sees to it that there are JSON variables. When all plugins have been initialized.
   *
   * @throws IllegalStateException if there are none
   */
  public void requireJson() {
    if (configuration.getVariableSerializers().getSerializerByName("json") == null) {
      throw new IllegalStateException(
          "the engine has no JSON variables, which clusters need; add"
              + " org.camunda.bpm:camunda-engine-plugin-spin and"
              + " org.camunda.spin:camunda-spin-dataformat-all, and the process engine plugin"
              + " org.camunda.spin.plugin.impl.SpinProcessEnginePlugin");
    }
  }

  /**
   * Has something done when the engine is closed, as long as its database can still be reached. The
   * engine tells nobody of its end; this executor is only used for the schema, of which nothing is
   * left to do but at the end, once the engine is built. When the engine is initialized.
   */
  public void beforeItCloses(Runnable work) {
    CommandExecutor schema = configuration.getCommandExecutorSchemaOperations();
    configuration.setCommandExecutorSchemaOperations(
        new CommandExecutor() {
          @Override
          public <T> T execute(Command<T> command) {
            if (configuration.getProcessEngine() != null) {
              work.run();
            }
            return schema.execute(command);
          }
        });
  }
}
