package io.unicoredask.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.FileSystemUtils;

class HomeDatabaseTest {

  @EnableConfigurationProperties(ApplicationProperties.class)
  static class Properties {}

  @TempDir private Path directory;

  private final ApplicationContextRunner application =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
          .withUserConfiguration(Properties.class, HomeDatabase.class);

  @Test
  void anAbsoluteHomeHoldsTheDatabaseForItsOwnerOnly() throws Exception {
    Path home = directory.resolve("new/home");

    write(home.toString());

    assertThat(home).satisfies(HomeDatabaseTest::isForItsOwnerOnly);
    assertThat(home.resolve("h2")).satisfies(HomeDatabaseTest::isForItsOwnerOnly);
    assertThat(home.resolve("h2/engine.mv.db")).isNotEmptyFile();
    assertThat(home.resolve("h2")).isDirectoryRecursivelyContaining("glob:**/engine.mv.db");
    try (var files = Files.list(home.resolve("h2"))) {
      assertThat(files).allSatisfy(HomeDatabaseTest::isForItsOwnerOnly);
    }
  }

  @Test
  void aRelativeHomeIsBelowTheWorkingDirectory() {
    Path relative = Path.of("").toAbsolutePath().relativize(directory.toAbsolutePath());

    write(relative.toString());

    assertThat(directory.resolve("h2/engine.mv.db")).isNotEmptyFile();
  }

  @Test
  void whatAnEarlierStartLeftReadableIsClosed() throws Exception {
    Path h2 = Files.createDirectories(directory.resolve("h2"));
    try (Connection earlier =
        DriverManager.getConnection("jdbc:h2:file:" + h2.resolve("engine"), "sa", "")) {
      earlier.createStatement().execute("create table earlier (id int)");
    }
    Files.setPosixFilePermissions(h2, PosixFilePermissions.fromString("rwxr-xr-x"));

    application
        .withPropertyValues("application.home=" + directory)
        .run(
            context ->
                assertThat(context.getBean(javax.sql.DataSource.class).getConnection())
                    .satisfies(
                        connection ->
                            connection.createStatement().executeQuery("select * from earlier")));

    assertThat(h2).satisfies(HomeDatabaseTest::isForItsOwnerOnly);
    assertThat(h2.resolve("engine.mv.db")).satisfies(HomeDatabaseTest::isForItsOwnerOnly);
  }

  /** Earlier versions took an absolute home for a path below the working directory. */
  @Test
  void aDatabaseThatAnEarlierVersionPutElsewhereIsFound() throws Exception {
    Path working = directory.resolve("working");
    Path home = directory.resolve("home");
    assertThat(HomeDatabase.strayDatabase(home, working)).isEmpty();

    Path stray = working.resolve(home.toString().substring(1)).resolve("h2/engine.mv.db");
    Files.createDirectories(stray.getParent());
    Files.createFile(stray);

    assertThat(HomeDatabase.strayDatabase(home, working)).contains(stray);
    assertThat(HomeDatabase.strayDatabase(stray.getParent().getParent(), working)).isEmpty();
    assertThat(HomeDatabase.strayDatabase(home, Path.of("/"))).isEmpty();
  }

  @Test
  void aHomeWhoseNameWouldEndTheDatabasesIsRefused() {
    application
        .withPropertyValues("application.home=" + directory.resolve("a;b"))
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("application.home = " + directory.resolve("a;b"))
                    .hasMessageContaining("semicolon"));
  }

  @Test
  void aHomeMayHoldWhatMeansSomethingInUrls() throws Exception {
    Path home = directory.resolve("C# 100% o'brien Jülich");

    write(home.toString());

    assertThat(home.resolve("h2/engine.mv.db")).isNotEmptyFile();
  }

  @Test
  void aDatabaseThatIsNotUsedIsSaidAtTheStart() throws Exception {
    Path home = directory.resolve("home");
    Path stray = Path.of("").toAbsolutePath().resolve(home.toString().substring(1));
    Files.createDirectories(stray.resolve("h2"));
    Files.createFile(stray.resolve("h2/engine.mv.db"));
    List<String> said = new ArrayList<>();
    AppenderBase<ILoggingEvent> appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            if (event.getLevel() == Level.WARN) {
              said.add(event.getFormattedMessage());
            }
          }
        };
    Logger logger = (Logger) LoggerFactory.getLogger(HomeDatabase.class);
    appender.start();
    logger.addAppender(appender);
    try {
      write(home.toString());
    } finally {
      logger.detachAppender(appender);
      // The first directory that was made for it.
      Path made = stray;
      while (isAloneIn(made.getParent())) {
        made = made.getParent();
      }
      FileSystemUtils.deleteRecursively(made);
    }

    assertThat(said)
        .singleElement()
        .asString()
        .startsWith(stray.resolve("h2/engine.mv.db") + " is not used")
        .contains("The database is in " + home.resolve("h2"), "move its files there");
    assertThat(home.resolve("h2/engine.mv.db")).isNotEmptyFile();
  }

  private static boolean isAloneIn(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.count() == 1;
    }
  }

  @Test
  void anotherDatabaseLeavesTheHomeAlone() {
    application
        .withPropertyValues(
            "application.home=" + directory, "spring.datasource.url=jdbc:h2:mem:another")
        .run(
            context -> {
              try (Connection connection =
                  context.getBean(javax.sql.DataSource.class).getConnection()) {
                assertThat(connection.getMetaData().getURL()).isEqualTo("jdbc:h2:mem:another");
              }
            });

    assertThat(directory).isEmptyDirectory();
  }

  private void write(String home) {
    application
        .withPropertyValues("application.home=" + home)
        .run(
            context -> {
              try (Connection connection =
                  context.getBean(javax.sql.DataSource.class).getConnection()) {
                connection.createStatement().execute("create table t (id int)");
                assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(
                        () -> connection.createStatement().execute("select secret from nowhere"));
              }
            });
  }

  private static void isForItsOwnerOnly(Path path) throws java.io.IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .endsWith("------");
  }
}
