package io.unicoredask.camunda;

import io.unicoredask.cluster.keeper.AllocationJob;
import io.unicoredask.cluster.keeper.Cluster;
import io.unicoredask.cluster.keeper.JobTimes;
import io.unicoredask.cluster.keeper.SchedulerJob;
import io.unicoredask.cluster.keeper.WorkerJob;
import io.unicoredask.cluster.keeper.WorkerJob.Status;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The jobs of clusters in the database, a row each. Their URLs are relative to the site's. */
class JobRows {

  private static final String ALLOCATION = "allocation";
  private static final String SCHEDULER = "scheduler";
  private static final String WORKER = "worker-";

  private static final String COLUMNS =
      "JOB_, PROCESSES_, STATUS_, WAS_CONNECTED_, OWN_, OVER_, WORKING_DIRECTORY_, DIRECTORY_,"
          + " FORWARDING_, SCHEDULER_ID_, PROTOCOL_, HOST_, PORT_, DASHBOARD_PORT_,"
          + " CONNECTED_, LEAVING_, REASON_, START_, END_";

  private static final int COLUMN_COUNT = COLUMNS.split(",").length;

  private final EngineDatabase database;
  private final String table;

  JobRows(EngineDatabase database) {
    this.database = database;
    this.table = database.table("JOB");
  }

  /**
   * The jobs of one cluster.
   *
   * @param allocation null if there is none
   * @param scheduler null if there is none
   * @param workers oldest first
   */
  record Jobs(AllocationJob allocation, SchedulerJob scheduler, List<WorkerJob> workers) {

    static final Jobs NONE = new Jobs(null, null, List.of());
  }

  /** By cluster; of all, or of one (null: all). */
  Map<String, Jobs> read(String cluster) {
    Map<String, Jobs> jobs = new HashMap<>();
    String sql =
        "SELECT CLUSTER_ID_, PURPOSE_, %s FROM %s%s"
            .formatted(COLUMNS, table, cluster == null ? "" : " WHERE CLUSTER_ID_ = ?");
    database.query(
        jdbc -> {
          jdbc.query(
              sql,
              row -> {
                jobs.merge(row.getString(1), read(row), JobRows::merged);
              },
              cluster == null ? new Object[0] : new Object[] {cluster});
          return null;
        });
    jobs.values()
        .forEach(
            of -> {
              if (of.workers().size() > 1) {
                of.workers().sort(Comparator.comparing(WorkerJob::number));
              }
            });
    return jobs;
  }

  private static Jobs merged(Jobs one, Jobs other) {
    one.workers().addAll(other.workers());
    return new Jobs(
        one.allocation() == null ? other.allocation() : one.allocation(),
        one.scheduler() == null ? other.scheduler() : one.scheduler(),
        one.workers());
  }

  private static Jobs read(ResultSet row) throws SQLException {
    String purpose = row.getString(2);
    URI job = uri(row, "JOB_");
    boolean over = row.getInt("OVER_") != 0;
    List<WorkerJob> workers = new ArrayList<>();
    if (purpose.equals(ALLOCATION)) {
      return new Jobs(
          new AllocationJob(job, row.getInt("OWN_") != 0, over, times(row)), null, workers);
    }
    if (purpose.equals(SCHEDULER)) {
      return new Jobs(null, scheduler(row, job, over), workers);
    }
    workers.add(
        new WorkerJob(
            Integer.parseInt(purpose.substring(WORKER.length())),
            job,
            row.getInt("PROCESSES_"),
            Status.valueOf(row.getString("STATUS_")),
            row.getInt("WAS_CONNECTED_") != 0,
            over,
            row.getInt("CONNECTED_"),
            row.getInt("LEAVING_") != 0,
            times(row)));
    return new Jobs(null, null, workers);
  }

  private static SchedulerJob scheduler(ResultSet row, URI job, boolean over) throws SQLException {
    return new SchedulerJob(
        job,
        uri(row, "WORKING_DIRECTORY_"),
        row.getString("DIRECTORY_"),
        uri(row, "FORWARDING_"),
        row.getString("SCHEDULER_ID_"),
        row.getString("PROTOCOL_"),
        row.getString("HOST_"),
        StateColumns.integer(row, "PORT_"),
        StateColumns.integer(row, "DASHBOARD_PORT_"),
        over,
        times(row));
  }

  private static JobTimes times(ResultSet row) throws SQLException {
    return new JobTimes(row.getString("REASON_"), instant(row, "START_"), instant(row, "END_"));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    Long millis = StateColumns.number(row, column);
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }

  private static URI uri(ResultSet row, String column) throws SQLException {
    String text = row.getString(column);
    return text == null ? null : URI.create(text);
  }

  /** Writes the rows that are new or other than before, and deletes those that are gone. */
  void write(Cluster before, Cluster after) {
    Map<String, Object[]> old = rows(before);
    Map<String, Object[]> now = rows(after);
    List<Object[]> gone =
        old.keySet().stream()
            .filter(purpose -> !now.containsKey(purpose))
            .map(purpose -> new Object[] {after.id(), purpose})
            .toList();
    List<Object[]> changed = new ArrayList<>();
    List<Object[]> added = new ArrayList<>();
    now.forEach(
        (purpose, values) -> {
          Object[] was = old.get(purpose);
          if (was == null) {
            added.add(with(values, after.id(), purpose));
          } else if (!Arrays.equals(was, values)) {
            changed.add(with(values, after.id(), purpose));
          }
        });
    batch("DELETE FROM %s WHERE CLUSTER_ID_ = ? AND PURPOSE_ = ?", gone);
    batch(
        "UPDATE %s SET JOB_ = ?, PROCESSES_ = ?, STATUS_ = ?, WAS_CONNECTED_ = ?, OWN_ = ?, OVER_ = ?, WORKING_DIRECTORY_ = ?, DIRECTORY_ = ?, FORWARDING_ = ?, SCHEDULER_ID_ = ?, PROTOCOL_ = ?, HOST_ = ?, PORT_ = ?, DASHBOARD_PORT_ = ?, CONNECTED_ = ?, LEAVING_ = ?, REASON_ = ?, START_ = ?, END_ = ? WHERE CLUSTER_ID_ = ? AND PURPOSE_ = ?",
        changed);
    batch(
        "INSERT INTO %s ("
            + COLUMNS
            + ", CLUSTER_ID_, PURPOSE_) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        added);
  }

  private void batch(String sql, List<Object[]> rows) {
    if (!rows.isEmpty()) {
      database.query(jdbc -> jdbc.batchUpdate(sql.formatted(table), rows));
    }
  }

  private static Object[] with(Object[] values, String cluster, String purpose) {
    Object[] all = Arrays.copyOf(values, values.length + 2);
    all[values.length] = cluster;
    all[values.length + 1] = purpose;
    return all;
  }

  void delete(String cluster) {
    database.update("DELETE FROM %s WHERE CLUSTER_ID_ = ?".formatted(table), cluster);
  }

  private static Map<String, Object[]> rows(Cluster cluster) {
    Map<String, Object[]> rows = new LinkedHashMap<>();
    AllocationJob allocation = cluster.allocation();
    if (allocation != null) {
      rows.put(
          ALLOCATION,
          values(
              allocation.times(),
              text(allocation.job()),
              null,
              null,
              0,
              flag(allocation.own()),
              flag(allocation.over())));
    }
    SchedulerJob scheduler = cluster.scheduler();
    if (scheduler != null) {
      rows.put(
          SCHEDULER,
          values(
              scheduler.times(),
              text(scheduler.job()),
              null,
              null,
              0,
              1,
              flag(scheduler.over()),
              text(scheduler.workingDirectory()),
              scheduler.directory(),
              text(scheduler.forwarding()),
              scheduler.schedulerId(),
              scheduler.protocol(),
              scheduler.host(),
              scheduler.port(),
              scheduler.dashboardPort()));
    }
    for (WorkerJob worker : cluster.workers()) {
      rows.put(
          worker.name(),
          with(
              worker.connected(),
              flag(worker.leaving()),
              values(
                  worker.times(),
                  text(worker.job()),
                  worker.processes(),
                  worker.status().name(),
                  flag(worker.wasConnected()),
                  1,
                  flag(worker.over()))));
    }
    return rows;
  }

  /** As many as there are columns; those that are not given are null. */
  private static Object[] values(JobTimes times, Object... given) {
    Object[] values = Arrays.copyOf(given, COLUMN_COUNT);
    values[COLUMN_COUNT - 3] = times.reason();
    values[COLUMN_COUNT - 2] = millis(times.start());
    values[COLUMN_COUNT - 1] = millis(times.end());
    return values;
  }

  private static Object[] with(int connected, int leaving, Object[] values) {
    values[COLUMN_COUNT - 5] = connected;
    values[COLUMN_COUNT - 4] = leaving;
    return values;
  }

  private static Long millis(Instant time) {
    return time == null ? null : time.toEpochMilli();
  }

  private static String text(URI uri) {
    return Objects.toString(uri, null);
  }

  private static int flag(boolean set) {
    return set ? 1 : 0;
  }
}
