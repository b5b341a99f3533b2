package io.unicoredask.packaging;

import java.util.List;
import org.camunda.bpm.engine.impl.cfg.CompositeProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.cfg.ProcessEnginePlugin;
import org.camunda.bpm.engine.spring.SpringProcessEngineConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** As much of Camunda Run as is its own: the engine's configuration, of all plugins there are. */
@SpringBootApplication(proxyBeanMethods = false)
public class RunLikeApplication {

  /** Starts it. */
  public static void main(String[] arguments) {
    SpringApplication.run(RunLikeApplication.class, arguments);
  }

  @Bean
  ProcessEngineConfigurationImpl processEngineConfiguration(List<ProcessEnginePlugin> plugins) {
    SpringProcessEngineConfiguration configuration = new SpringProcessEngineConfiguration();
    configuration.getProcessEnginePlugins().add(new CompositeProcessEnginePlugin(plugins));
    return configuration;
  }
}
