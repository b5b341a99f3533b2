package io.unicoredask.performance;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A PostgreSQL of one's own, and what it does and keeps. */
class MeasuredDatabase implements AutoCloseable {

  private static final double TICKS_A_SECOND = 100;

  private final EmbeddedPostgres postgres;
  private final long server;

  /** How much history there is. */
  record History(long rows, long bytes) {}

  MeasuredDatabase() throws IOException, SQLException {
    postgres =
        EmbeddedPostgres.builder()
            .setOutputRedirector(ProcessBuilder.Redirect.DISCARD)
            .setErrorRedirector(ProcessBuilder.Redirect.DISCARD)
            .start();
    server = server();
  }

  List<String> configuration() {
    return List.of(
        "--spring.datasource.url=" + postgres.getJdbcUrl("postgres", "postgres"),
        "--spring.datasource.username=postgres",
        "--spring.datasource.password=");
  }

  /** The process that all others of the server are children of. */
  private long server() throws IOException, SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
      long ours = number(connection, "SELECT pg_backend_pid()");
      return Long.parseLong(stat(Path.of("/proc", String.valueOf(ours)))[1]);
    }
  }

  /** What Linux says of a process, from its state on. */
  private static String[] stat(Path process) throws IOException {
    String stat = Files.readString(process.resolve("stat"));
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
  }

  /** Seconds that the server and all its processes have used, those that are over too. */
  double processorSeconds() throws IOException {
    String[] main = stat(Path.of("/proc", String.valueOf(server)));
    long ticks = sum(main, 11, 15);
    for (ProcessHandle child : ProcessHandle.of(server).orElseThrow().children().toList()) {
      try {
        ticks += sum(stat(Path.of("/proc", String.valueOf(child.pid()))), 11, 13);
      } catch (IOException e) {
        // over since, and counted with its parent the next time
      }
    }
    return ticks / TICKS_A_SECOND;
  }

  private static long sum(String[] stat, int from, int to) {
    return Arrays.stream(stat, from, to).mapToLong(Long::parseLong).sum();
  }

  long transactions() throws SQLException {
    return number("SELECT sum(xact_commit + xact_rollback) FROM pg_stat_database");
  }

  /** The engine's history, all tables together; indexes are not counted. */
  History history() throws SQLException {
    List<String> tables = new ArrayList<>(tables("act_hi_%"));
    tables.add("act_ge_bytearray");
    long rows = 0;
    long bytes = 0;
    for (String table : tables) {
      rows += number("SELECT count(*) FROM " + table);
      bytes += number("SELECT coalesce(sum(pg_column_size(t.*)), 0) FROM %s t".formatted(table));
    }
    return new History(rows, bytes);
  }

  private List<String> tables(String pattern) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT tablename FROM pg_tables WHERE tablename LIKE '%s'".formatted(pattern))) {
      List<String> names = new ArrayList<>();
      while (found.next()) {
        names.add(found.getString(1).toLowerCase(Locale.ROOT));
      }
      return names;
    }
  }

  long number(String sql) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
      return number(connection, sql);
    }
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      found.next();
      return found.getLong(1);
    }
  }

  @Override
  public void close() throws IOException {
    postgres.close();
  }
}
