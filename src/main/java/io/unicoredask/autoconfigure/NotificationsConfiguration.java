package io.unicoredask.autoconfigure;

import jakarta.servlet.Servlet;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where the sites tell what becomes of jobs, in applications that they can reach. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(Servlet.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnProperty("unicore-dask.notifications.url")
class NotificationsConfiguration {

  /** Serves {@code /unicore-dask/notifications/SITE}. */
  @Bean
  @ConditionalOnMissingBean(name = "daskNotifications")
  ServletRegistrationBean<NotificationServlet> daskNotifications(
      Sealed plugin, UnicoreDaskProperties properties) {
    ServletRegistrationBean<NotificationServlet> servlet =
        new ServletRegistrationBean<>(
            new NotificationServlet(plugin.sites(), plugin.runtime()::hint),
            "/unicore-dask/notifications/*");
    servlet.setName("daskNotifications");
    // A property without a value is as if it were not there.
    servlet.setEnabled(properties.notifications().url() != null);
    return servlet;
  }
}
