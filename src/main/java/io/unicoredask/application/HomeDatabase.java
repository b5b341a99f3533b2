package io.unicoredask.application;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.jdbc.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The engine's database in the application's home directory, unless another is configured. */
@Configuration(proxyBeanMethods = false)
class HomeDatabase {

  private static final Logger LOG = LoggerFactory.getLogger(HomeDatabase.class);

  /**
   * DB_CLOSE_ON_EXIT: clusters are torn down after a Ctrl-C, which needs the database. WRITE_DELAY:
   * what is committed is on disk, also if this process is killed the next moment. TRACE_LEVEL_FILE:
   * a refused statement would go into a file that everybody can read.
   */
  private static final String OPTIONS = ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0;TRACE_LEVEL_FILE=0";

  private static final String FOLDER = "h2";
  private static final String NAME = "engine";
  private static final String FILE = NAME + ".mv.db";

  private record Details(String getJdbcUrl, String getUsername, String getPassword)
      implements JdbcConnectionDetails {}

  /** Where an earlier version has put the database of this home; nothing if it has not. */
  static Optional<Path> strayDatabase(Path home, Path workingDirectory) {
    Path root = home.getRoot();
    Path stray =
        workingDirectory
            .toAbsolutePath()
            .resolve(root.relativize(home))
            .resolve(FOLDER)
            .resolve(FILE);
    return Optional.of(stray)
        .filter(file -> !file.equals(home.resolve(FOLDER).resolve(FILE)))
        .filter(Files::isRegularFile);
  }

  /** An H2 database that only its owner can read; its folder is made now. */
  @Bean
  @ConditionalOnExpression("'${spring.datasource.url:}'.isEmpty()")
  JdbcConnectionDetails homeDatabaseDetails(ApplicationProperties properties) {
    Path folder = properties.home().resolve(FOLDER);
    if (folder.toString().contains(";")) {
      throw new IllegalStateException(
          "application.home = %s holds a semicolon, which ends the name of an H2 database; choose another home, or another database (spring.datasource.url)"
              .formatted(properties.home()));
    }
    LOG.info("All that is to be kept is in {} (application.home)", properties.home());
    strayDatabase(properties.home(), Path.of(""))
        .ifPresent(
            stray ->
                LOG.warn(
                    "{} is not used: it is the database of an earlier version, which took"
                        + " application.home for a path below the working directory. The database"
                        + " is in {}. To go on with the earlier one, stop this application, move"
                        + " its files there, and start again; else move it away",
                    stray,
                    folder));
    try {
      PrivateFiles.makeDirectory(properties.home());
      PrivateFiles.makeDirectory(folder);
      Path file = folder.resolve(FILE);
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
