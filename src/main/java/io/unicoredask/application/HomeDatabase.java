package io.unicoredask.application;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.jdbc.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The engine's database in the application's home directory, unless another is configured. */
@Configuration(proxyBeanMethods = false)
class HomeDatabase {

  /**
   * DB_CLOSE_ON_EXIT: clusters are torn down after a Ctrl-C, which needs the database. WRITE_DELAY:
   * what is committed is on disk, also if this process is killed the next moment. TRACE_LEVEL_FILE:
   * a refused statement would go into a file that everybody can read.
   */
  private static final String OPTIONS = ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0;TRACE_LEVEL_FILE=0";

  private static final String NAME = "engine";

  private record Details(String getJdbcUrl, String getUsername, String getPassword)
      implements JdbcConnectionDetails {}

  /** An H2 database that only its owner can read; its folder is made now. */
  @Bean
  @ConditionalOnExpression("'${spring.datasource.url:}'.isEmpty()")
  JdbcConnectionDetails homeDatabaseDetails(ApplicationProperties properties) {
    Path folder = properties.home().resolve("h2");
    try {
      PrivateFiles.makeDirectory(properties.home());
      PrivateFiles.makeDirectory(folder);
      Path file = folder.resolve(NAME + ".mv.db");
      if (!Files.exists(file)) {
        PrivateFiles.makeFile(file); // H2 would make one that everybody can read
      }
      PrivateFiles.close(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The database's folder %s cannot be used; see application.home".formatted(folder), e);
    }
    return new Details("jdbc:h2:file:" + folder.resolve(NAME) + OPTIONS, "sa", "");
  }
}
