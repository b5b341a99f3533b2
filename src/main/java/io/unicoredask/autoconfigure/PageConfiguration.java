package io.unicoredask.autoconfigure;

import jakarta.servlet.Servlet;
import org.camunda.bpm.spring.boot.starter.property.CamundaBpmProperties;
import org.camunda.bpm.tasklist.plugin.spi.TasklistPlugin;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The plugin's own pages, in applications that have Camunda's web applications. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({Servlet.class, TasklistPlugin.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnProperty(name = "camunda.bpm.webapp.enabled", matchIfMissing = true)
class PageConfiguration {

  /**
   * Serves {@code /camunda/unicore-dask/} ({@code /operaton/…} there): where the cookies of the web
   * applications count.
   */
  @Bean
  @ConditionalOnMissingBean(name = "daskPage")
  ServletRegistrationBean<PageServlet> daskPage(ObjectProvider<CamundaBpmProperties> camunda) {
    String path =
        camunda.getIfAvailable(CamundaBpmProperties::new).getWebapp().getApplicationPath().strip();
    ServletRegistrationBean<PageServlet> servlet =
        new ServletRegistrationBean<>(
            new PageServlet(), path.replaceFirst("/$", "") + "/unicore-dask/*");
    servlet.setName("daskPage");
    return servlet;
  }
}
