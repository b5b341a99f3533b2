package io.unicoredask.autoconfigure;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Keeps an application from starting with a jar of the plugin that is not for its engine, where the
 * plugin would silently do nothing, or with two of them, of which nobody knew which one counted.
 */
@AutoConfiguration
public class PluginJarsAutoConfiguration {

  @Bean
  static BeanFactoryPostProcessor daskPluginJars() {
    return beans -> PluginJars.check(beans.getBeanClassLoader());
  }
}
