package io.unicoredask.camunda;

import io.unicoredask.cluster.keeper.Cluster;
import io.unicoredask.cluster.keeper.Cluster.Growth;
import io.unicoredask.cluster.keeper.ClusterBuilder;
import io.unicoredask.cluster.request.TunnelKind;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** How far a cluster is, in its row: the columns that only its keeper writes. */
final class StateColumns {

  private static final List<String> NAMES =
      List.of(
          "NEXT_WORKER_",
          "GROWTH_",
          "FIRST_NEW_",
          "REPLACEMENTS_",
          "ADAPTED_TO_",
          "RESTARTS_",
          "CONNECTED_WORKERS_",
          "TUNNEL_",
          "LOCAL_PORT_",
          "LOCAL_DASHBOARD_PORT_",
          "DASHBOARD_",
          "REACHED_",
          "READY_SINCE_",
          "READY_FOR_",
          "WARNINGS_");

  private StateColumns() {}

  /** For a SELECT. */
  static String names() {
    return String.join(", ", NAMES);
  }

  /** For an UPDATE; the values are {@link #values}. */
  static String assignments() {
    return NAMES.stream().map(name -> name + " = ?").collect(Collectors.joining(", "));
  }

  static List<Object> values(Cluster cluster) {
    return Arrays.asList(
        cluster.nextWorker(),
        cluster.growth().name(),
        cluster.firstNew(),
        cluster.replacements(),
        cluster.adaptedTo(),
        cluster.restarts(),
        cluster.connectedWorkers(),
        cluster.tunnel() == null ? null : cluster.tunnel().name(),
        cluster.localPort(),
        cluster.localDashboardPort(),
        cluster.dashboard() == null ? null : cluster.dashboard().toString(),
        cluster.reached() ? 1 : 0,
        cluster.readySince(),
        cluster.readyFor(),
        cluster.warnings().isEmpty() ? null : String.join("\n", cluster.warnings()));
  }

  static ClusterBuilder read(ResultSet row) throws SQLException {
    String warnings = row.getString("WARNINGS_");
    String tunnel = row.getString("TUNNEL_");
    String dashboard = row.getString("DASHBOARD_");
    return ClusterBuilder.builder()
        .nextWorker(row.getInt("NEXT_WORKER_"))
        .growth(Growth.valueOf(row.getString("GROWTH_")))
        .firstNew(row.getInt("FIRST_NEW_"))
        .replacements(row.getInt("REPLACEMENTS_"))
        .adaptedTo(integer(row, "ADAPTED_TO_"))
        .restarts(row.getInt("RESTARTS_"))
        .connectedWorkers(integer(row, "CONNECTED_WORKERS_"))
        .tunnel(tunnel == null ? null : TunnelKind.valueOf(tunnel))
        .localPort(integer(row, "LOCAL_PORT_"))
        .localDashboardPort(integer(row, "LOCAL_DASHBOARD_PORT_"))
        .dashboard(dashboard == null ? null : URI.create(dashboard))
        .reached(row.getInt("REACHED_") != 0)
        .readySince(number(row, "READY_SINCE_"))
        .readyFor(row.getLong("READY_FOR_"))
        .warnings(warnings == null ? List.of() : List.of(warnings.split("\n")));
  }

  static Integer integer(ResultSet row, String column) throws SQLException {
    int value = row.getInt(column);
    return row.wasNull() ? null : value;
  }

  static Long number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }
}
