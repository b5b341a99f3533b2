package io.unicoredask.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import io.unicoredask.ApplicationTest;
import io.unicoredask.JvmDirectory;
import io.unicoredask.KeyMaker;
import io.unicoredask.OidcProvider;
import io.unicoredask.TestSite;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.runtime.Incident;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * A cluster's whole life with each kind of credential, failures with wrong ones included, while
 * everything is logged. Then whatever somebody could look into is searched for each secret.
 */
@ApplicationTest
@DirtiesContext
class SecretsTest {

  private static final String ENGINE = "secrets";
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final List<String> KINDS = List.of("password", "token", "key", "oidc", "issued");

  private static final MarkedSecrets SECRETS = new MarkedSecrets();
  private static final String CLIENT_SECRET = secret("client secret");
  private static final OidcProvider PROVIDER = new OidcProvider(CLIENT_SECRET);
  private static final Path DIRECTORY = prepared();

  private static final Set<String> LOGGED = new ConcurrentSkipListSet<>();
  private static final Appender<ILoggingEvent> SEARCH =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          String text =
              event.getFormattedMessage()
                  + (event.getThrowableProxy() == null
                      ? ""
                      : ThrowableProxyUtil.asString(event.getThrowableProxy()));
          SECRETS.in(text).forEach(found -> LOGGED.add(event.getLoggerName() + ": " + found));
        }
      };

  @Autowired private ApplicationProperties application;
  @Autowired private RuntimeService runtimeService;
  @Autowired private HistoryService historyService;
  @Autowired private DataSource database;
  @LocalServerPort private int port;

  private final Map<String, String> right = new HashMap<>();

  private static String secret(String name) {
    String secret = name.replace(' ', '-') + "-" + UUID.randomUUID();
    SECRETS.add(name, secret);
    return secret;
  }

  private static Path prepared() {
    try {
      Path directory = JvmDirectory.make("secrets");
      String password = Files.readString(TestSite.site().passwordFile()).strip();
      SECRETS.add("password", password);
      SECRETS.add("user and password", TestSite.site().user() + ":" + password);
      Files.writeString(directory.resolve("password"), password);
      Files.writeString(directory.resolve("token"), TestSite.issuedToken());
      SECRETS.add("token", Files.readString(directory.resolve("token")));
      Path key = directory.resolve("key");
      KeyMaker.make("ssh-keygen -q -f KEY -a 1 -N PASSPHRASE -t ed25519", key);
      Files.writeString(directory.resolve("passphrase"), KeyMaker.PASSPHRASE);
      SECRETS.add("passphrase", KeyMaker.PASSPHRASE);
      Files.readAllLines(key).stream()
          .filter(line -> line.length() > 40 && !line.startsWith("-"))
          .skip(1)
          .forEach(line -> SECRETS.add("key", line));
      KeyMaker.authorize(TestSite.site().home(TestSite.site().user()), key);
      String refresh = PROVIDER.refreshToken(TestSite.site().user());
      SECRETS.add("refresh token", refresh);
      Files.writeString(directory.resolve("refresh"), refresh);
      Files.writeString(directory.resolve("secret"), CLIENT_SECRET);
      // Tokens are asked for again and again.
      PROVIDER.lifetime = Duration.ofSeconds(20);
      TestSite.site().askAboutTokens(PROVIDER.userInfo());
      return directory;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @DynamicPropertySource
  static void configure(DynamicPropertyRegistry properties) {
    properties.add(
        "spring.datasource.url", () -> "jdbc:h2:mem:secrets-test;DB_CLOSE_ON_EXIT=FALSE");
    // It would be missed by the application of all tests, which has one of its own.
    properties.add("camunda.bpm.process-engine-name", () -> ENGINE);
    properties.add("camunda.bpm.generate-unique-process-application-name", () -> true);
    properties.add("camunda.bpm.webapp.enabled", () -> false);
    properties.add("management.endpoints.web.exposure.include", () -> "*");
    properties.add("unicore-dask.tunnel.bind-address", () -> "0.0.0.0");
    properties.add("unicore-dask.tunnel.public-host", () -> "127.0.0.1");
    properties.add("management.endpoint.health.show-details", () -> "always");
    properties.add("management.endpoint.env.show-values", () -> "always");
    properties.add("management.endpoint.configprops.show-values", () -> "always");
    Map<String, String> given = new TreeMap<>();
    given.put("password.username", TestSite.site().user());
    given.put("password.password-file", "password");
    given.put("issued.username", TestSite.site().user());
    given.put("issued.password-file", "password");
    given.put("token.token-file", "token");
    given.put("key.username", TestSite.site().user());
    given.put("key.key-file", "key");
    given.put("key.passphrase-file", "passphrase");
    given.put("oidc.oidc.token-uri", PROVIDER.tokenUri().toString());
    given.put("oidc.oidc.client-id", OidcProvider.CLIENT);
    given.put("oidc.oidc.client-secret-file", "secret");
    given.put("oidc.oidc.refresh-token-file", "refresh");
    given.forEach(
        (name, value) ->
            properties.add(
                "unicore-dask.credentials." + name,
                () -> name.endsWith("-file") ? DIRECTORY.resolve(value).toString() : value));
    for (String kind : KINDS) {
      String site = "unicore-dask.sites." + kind + ".";
      properties.add(
          site + "url",
          () -> {
            // Spring Boot has set up its logging by now, and no site has been asked for anything.
            logEverything();
            return TestSite.site().baseUrl();
          });
      properties.add(site + "credential", () -> kind);
      properties.add(site + "ssl-bundle", () -> "local");
      properties.add(site + "max-requests-per-second", () -> 1000);
    }
    properties.add("unicore-dask.sites.issued.token-lifetime", () -> "10m");
  }

  private static void logEverything() {
    LoggerContext logging = (LoggerContext) LoggerFactory.getILoggerFactory();
    Logger root = logging.getLogger(Logger.ROOT_LOGGER_NAME);
    if (root.isAttached(SEARCH)) {
      return;
    }
    root.iteratorForAppenders()
        .forEachRemaining(
            appender -> {
              ThresholdFilter asBefore = new ThresholdFilter();
              asBefore.setLevel("INFO");
              asBefore.start();
              appender.addFilter(asBefore);
            });
    SEARCH.setContext(logging);
    SEARCH.start();
    root.addAppender(SEARCH);
    root.setLevel(Level.TRACE);
    logging.getLoggerList().stream()
        .filter(logger -> logger != root && logger.getLevel() != null)
        .forEach(logger -> logger.setLevel(Level.TRACE));
  }

  @AfterAll
  static void stop() throws IOException {
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    root.detachAppender(SEARCH);
    root.setLevel(Level.INFO);
    root.iteratorForAppenders().forEachRemaining(Appender::clearAllFilters);
    PROVIDER.close();
    TestSite.site().askAboutTokens(null);
    Files.delete(TestSite.site().home(TestSite.site().user()).resolve(".ssh/authorized_keys"));
  }

  @Test
  void noSecretIsSeenAnywhereInAClustersWholeLife() throws Exception {
    Map<String, ProcessInstance> clusters = new TreeMap<>();
    for (String kind : KINDS) {
      clusters.put(
          kind,
          runtimeService.startProcessInstanceByKey(
              "dask-cluster",
              kind,
              Map.of(
                  "site", kind, "workers", 1, "localPort", 0, "debug", true, "security", "tls")));
    }
    for (ProcessInstance cluster : clusters.values()) {
      awaitStatus(cluster, "RUNNING");
    }
    assertThat(addKeysOfClusters()).isEqualTo(3 * KINDS.size());
    for (String file : List.of("password", "token", "passphrase", "secret")) {
      right.put(file, Files.readString(DIRECTORY.resolve(file)));
      Files.writeString(DIRECTORY.resolve(file), secret("wrong " + file));
    }
    Map<String, Set<String>> seen = new TreeMap<>();
    search("argv and environ", processes(), seen);
    TestSite.site().endSessions();
    clusters.forEach(
        (kind, cluster) ->
            runtimeService
                .createMessageCorrelation("dask-cluster-teardown")
                .processInstanceId(cluster.getId())
                .correlate());
    for (String kind : List.of("password", "token", "key")) {
      Incident incident = awaitIncident(clusters.get(kind));
      assertThat(incident.getIncidentMessage()).contains(DIRECTORY.toString());
      search("incident of " + kind, Stream.of(incident.getIncidentMessage()), seen);
    }
    PROVIDER.issued().forEach(token -> SECRETS.add("token of the provider", token));
    search("REST", rest(), seen);
    search("actuator", actuator(), seen);
    for (Map.Entry<String, String> file : right.entrySet()) {
      Files.writeString(DIRECTORY.resolve(file.getKey()), file.getValue());
    }
    for (ProcessInstance cluster : clusters.values()) {
      awaitStatus(cluster, "STOPPED");
    }
    await().atMost(LIMIT).until(() -> runtimeService.createProcessInstanceQuery().count() == 0);

    PROVIDER.issued().forEach(token -> SECRETS.add("token of the provider", token));
    search("REST", rest(), seen);
    search("database", rows(), seen);
    search("jobs at the site", jobs(), seen);
    assertThat(PROVIDER.requests()).isNotEmpty();
    assertThat(seen).isEmpty();
    assertThat(LOGGED).isEmpty();
  }

  /** As this engine's are. */
  @Test
  void aClusterWithoutTlsIsRefusedWhereLocalPortsAreOpenToOthers() {
    Map<String, Object> start = Map.of("site", "password", "dryRun", true);
    assertThatThrownBy(() -> runtimeService.startProcessInstanceByKey("dask-cluster", start))
        .hasMessageContaining("security = none is not allowed")
        .hasMessageContaining("unicore-dask.tunnel.allow-unencrypted=true");
  }

  @Test
  void theSearchFindsWhatIsThere() throws Exception {
    String planted = secret("planted");
    LoggerFactory.getLogger("planted").trace("a {}", planted);
    LoggerFactory.getLogger("planted").trace("b", new IllegalStateException(planted));
    assertThat(LOGGED).containsExactly("planted: planted");
    LOGGED.clear();
    Map<String, Set<String>> seen = new TreeMap<>();
    runtimeService.startProcessInstanceByKey(
        "dask-cluster",
        "planted",
        Map.of(
            "site",
            "password",
            "dryRun",
            true,
            "security",
            "tls",
            "mine",
            Base64.getEncoder().encodeToString(planted.getBytes()).getBytes()));
    search("database", rows(), seen);
    assertThat(seen.get("database")).containsExactly("planted in base64");
    assertThat(SECRETS.in("\n-----BEGIN PRIVATE KEY-----\n")).containsExactly("a private key");
    assertThat(SECRETS.in("Bearer " + Files.readString(DIRECTORY.resolve("token"))))
        .contains("a token or session", "token");
    assertThat(rest().toList()).hasSizeGreaterThan(8).anyMatch(text -> text.contains("planted"));
    assertThat(actuator().toList()).anyMatch(text -> text.contains("unicore-dask.sites.oidc.url"));
    assertThat(processes().toList()).anyMatch(text -> text.contains("surefire"));
    LOGGED.clear();
  }

  private static void search(String where, Stream<String> texts, Map<String, Set<String>> seen) {
    texts.forEach(
        text -> {
          Set<String> found = SECRETS.in(text);
          if (!found.isEmpty()) {
            seen.computeIfAbsent(where, place -> new ConcurrentSkipListSet<>()).addAll(found);
          }
        });
  }

  private void awaitStatus(ProcessInstance cluster, String status) {
    await()
        .pollInterval(Duration.ofSeconds(1))
        .atMost(LIMIT)
        .until(
            () ->
                historyService
                        .createHistoricVariableInstanceQuery()
                        .processInstanceId(cluster.getId())
                        .variableValueEquals("clusterStatus", status)
                        .count()
                    == 1);
  }

  private Incident awaitIncident(ProcessInstance cluster) {
    return await()
        .pollInterval(Duration.ofSeconds(1))
        .atMost(LIMIT)
        .until(
            () ->
                runtimeService
                    .createIncidentQuery()
                    .processInstanceId(cluster.getId())
                    .list()
                    .stream()
                    .findFirst()
                    .orElse(null),
            incident -> incident != null);
  }

  /** Of this process and of all that it has started, the jobs of the site among them. */
  private static Stream<String> processes() {
    return Stream.concat(Stream.of(ProcessHandle.current()), ProcessHandle.current().descendants())
        .flatMap(one -> Stream.of("cmdline", "environ").map(file -> proc(one.pid(), file)));
  }

  private static String proc(long pid, String file) {
    try {
      return Files.readString(
          Path.of("/proc", String.valueOf(pid), file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // it is over
    }
  }

  private Stream<String> rest() throws Exception {
    List<String> answers = new ArrayList<>();
    for (String path :
        List.of(
            "process-instance",
            "variable-instance?deserializeValues=false",
            "incident",
            "job",
            "execution",
            "deployment",
            "process-definition",
            "history/process-instance",
            "history/activity-instance",
            "history/variable-instance?deserializeValues=false",
            "history/detail?deserializeValues=false",
            "history/incident",
            "history/job-log",
            "history/user-operation")) {
      answers.add(get("/engine-rest/engine/" + ENGINE + "/" + path, login()));
    }
    return answers.stream();
  }

  private Stream<String> actuator() throws Exception {
    List<String> answers = new ArrayList<>();
    for (String endpoint :
        List.of(
            "beans",
            "conditions",
            "configprops",
            "env",
            "health",
            "info",
            "loggers",
            "mappings",
            "metrics",
            "prometheus",
            "scheduledtasks",
            "threaddump")) {
      answers.add(get("/actuator/" + endpoint, login()));
    }
    return answers.stream();
  }

  private String login() {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString(
                ("admin:" + AdminPassword.in(application.adminPasswordFile())).getBytes());
  }

  private String get(String path, String authorization) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                    .header("Authorization", authorization)
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(path).isIn(200, 503);
    return answer.body();
  }

  /** Every value of every row of every table, whatever its type. */
  private Stream<String> rows() throws SQLException {
    List<String> values = new ArrayList<>();
    try (Connection connection = database.getConnection();
        ResultSet tables = connection.getMetaData().getTables(null, "PUBLIC", "%", null)) {
      while (tables.next()) {
        try (Statement statement = connection.createStatement();
            ResultSet rows =
                statement.executeQuery(
                    "SELECT * FROM \"" + tables.getString("TABLE_NAME") + "\"")) {
          while (rows.next()) {
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
              byte[] bytes =
                  rows.getMetaData().getColumnTypeName(i).contains("BINARY")
                      ? rows.getBytes(i)
                      : null;
              values.add(
                  bytes == null
                      ? String.valueOf(rows.getString(i))
                      : new String(bytes, StandardCharsets.UTF_8));
            }
          }
        }
      }
    }
    assertThat(values).hasSizeGreaterThan(100);
    return values.stream();
  }

  /** Those that lie at the site now. */
  private static long addKeysOfClusters() throws IOException {
    List<String> keys =
        jobs()
            .filter(text -> text.startsWith("-----BEGIN CERTIFICATE"))
            .filter(text -> text.contains("BEGIN PRIVATE KEY"))
            .toList();
    keys.stream()
        .flatMap(text -> text.replaceAll("(?s)^.*BEGIN PRIVATE KEY", "").lines())
        .filter(line -> line.length() > 40 && !line.startsWith("-"))
        .forEach(line -> SECRETS.add("key of a cluster", line));
    return keys.size();
  }

  private static Stream<String> jobs() throws IOException {
    Path all = TestSite.site().certificateFile().getParent().resolve("UNICORE_Jobs");
    List<String> texts = new ArrayList<>();
    try (Stream<Path> files = Files.walk(all)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        texts.add(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return texts.stream();
  }
}
