package io.unicoredask.autoconfigure;

import jakarta.servlet.Servlet;
import org.camunda.bpm.tasklist.plugin.spi.TasklistPlugin;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The plugin's own pages, in applications that have Camunda's web applications. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({Servlet.class, TasklistPlugin.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnProperty(name = "camunda.bpm.webapp.enabled", matchIfMissing = true)
class PageConfiguration {

  /** Serves {@code /camunda/unicore-dask/}: where the cookies of the web applications count. */
  @Bean
  @ConditionalOnMissingBean(name = "daskPage")
  ServletRegistrationBean<PageServlet> daskPage(Environment environment) {
    String camunda =
        environment.getProperty("camunda.bpm.webapp.application-path", "/camunda").strip();
    ServletRegistrationBean<PageServlet> servlet =
        new ServletRegistrationBean<>(
            new PageServlet(), camunda.replaceFirst("/$", "") + "/unicore-dask/*");
    servlet.setName("daskPage");
    return servlet;
  }
}
