package io.unicoredask.application;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What Tomcat puts into files, uploads among it, is in the application's home directory. */
@Configuration(proxyBeanMethods = false)
class HomeTomcat {

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> tomcatInTheHome(
      ApplicationProperties properties) {
    return factory -> {
      Path directory = properties.home().resolve("tomcat");
      try {
        PrivateFiles.makeDirectory(properties.home());
        PrivateFiles.makeDirectory(directory);
      } catch (IOException e) {
        throw new UncheckedIOException(
            "The directory %s cannot be made; see application.home".formatted(directory), e);
      }
      factory.setBaseDirectory(directory.toFile());
    };
  }
}
