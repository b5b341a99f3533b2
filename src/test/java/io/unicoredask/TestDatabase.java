package io.unicoredask;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A new database at the server that the environment names, if it names one: {@code
 * TEST_DATABASE_URL}, of a database that is there already, {@code TEST_DATABASE_USERNAME} and
 * {@code TEST_DATABASE_PASSWORD}. Tests with {@link #TAG} run on it.
 */
public final class TestDatabase implements AutoCloseable {

  /** Of the tests that say whether a database will do. */
  public static final String TAG = "database";

  private final String url;
  private final String username;
  private final String password;
  private final AutoCloseable server;

  private TestDatabase(String url, String username, String password, AutoCloseable server) {
    this.url = url;
    this.username = username;
    this.password = password;
    this.server = server;
  }

  /** A new one at the server that the environment names; nothing if it names none. */
  public static Optional<TestDatabase> given() {
    return variable("URL").map(TestDatabase::make);
  }

  /** The same, or else one of a PostgreSQL of its own: that of several nodes. */
  public static TestDatabase ofSeveralNodes() throws IOException {
    Optional<TestDatabase> given = given();
    if (given.isPresent()) {
      return given.get();
    }
    EmbeddedPostgres postgres = EmbeddedPostgres.start();
    return new TestDatabase(postgres.getJdbcUrl("postgres", "postgres"), "postgres", "", postgres);
  }

  private static Optional<String> variable(String name) {
    return Optional.ofNullable(System.getenv("TEST_DATABASE_" + name))
        .filter(one -> !one.isBlank());
  }

  private static TestDatabase make(String server) {
    String username = variable("USERNAME").orElse("");
    String password = variable("PASSWORD").orElse("");
    String name = "test_" + UUID.randomUUID().toString().replace("-", "");
    try (Connection connection = DriverManager.getConnection(server, username, password);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE DATABASE " + name + (isMaria(server) ? " CHARACTER SET utf8mb4" : ""));
    } catch (SQLException e) {
      throw new IllegalStateException("no database can be made at " + server, e);
    }
    String url = server.replaceFirst("/[^/]*$", "/" + name);
    // The engine finds the tables of other databases of the server otherwise, and makes none.
    String own = isMaria(server) ? "?nullDatabaseMeansCurrent=true" : "";
    return new TestDatabase(url + own, username, password, () -> {});
  }

  private static boolean isMaria(String url) {
    return url.startsWith("jdbc:mariadb:");
  }

  /** Has an engine without Spring use it. */
  public void configure(ProcessEngineConfigurationImpl engine) {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(url);
    pool.setUsername(username);
    pool.setPassword(password);
    pool.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    engine.setDataSource(pool);
    if (isMaria(url)) {
      engine.setDatabaseType("mysql");
    }
  }

  /** The application's properties that lead to it, as the documentation has them. */
  public List<String> properties() {
    List<String> properties =
        new ArrayList<>(
            List.of(
                "spring.datasource.url=" + url,
                "spring.datasource.username=" + username,
                "spring.datasource.password=" + password));
    if (isMaria(url)) {
      properties.add("spring.datasource.hikari.transaction-isolation=TRANSACTION_READ_COMMITTED");
      properties.add("camunda.bpm.database.type=mysql");
    }
    return properties;
  }

  @Override
  public void close() throws IOException {
    try {
      server.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  /** Has the application of all tests use it. */
  static class Configuration
      implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    @Override
    public void initialize(ConfigurableApplicationContext context) {
      given().ifPresent(one -> TestPropertyValues.of(one.properties()).applyTo(context));
    }
  }
}
