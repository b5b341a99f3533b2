package io.unicoredask.application;

import java.io.IOException;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where users of this engine get the Python package from that goes with it. */
@Configuration(proxyBeanMethods = false)
class PythonPackageConfiguration {

  /** Serves {@code /dask/}. */
  @Bean
  ServletRegistrationBean<PythonPackageServlet> pythonPackage() throws IOException {
    ServletRegistrationBean<PythonPackageServlet> servlet =
        new ServletRegistrationBean<>(new PythonPackageServlet(PythonWheel.make()), "/dask/*");
    servlet.setName("pythonPackage");
    return servlet;
  }
}
