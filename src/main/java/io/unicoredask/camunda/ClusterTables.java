package io.unicoredask.camunda;

import io.unicoredask.cluster.keeper.Cluster;
import io.unicoredask.cluster.keeper.Phase;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.request.Footprint;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the engine's transactions put down of clusters: that there is one, whose it is, what is
 * wanted of it and who waits for it. How far it is, only its keeper writes, by {@link StateWriter};
 * neither touches the other's columns.
 */
class ClusterTables {

  private final EngineDatabase database;
  private final JobRows jobs;
  private final PhaseRows phases;
  private final PortRows ports;
  private final BusinessKeyRows keys;
  private final TakenRows taken;
  private final LifeRows lives;
  private final String clusters;

  ClusterTables(EngineDatabase database) {
    this.database = database;
    this.jobs = new JobRows(database);
    this.phases = new PhaseRows(database);
    this.ports = new PortRows(database);
    this.keys = new BusinessKeyRows(database);
    this.taken = new TakenRows(database);
    this.lives = new LifeRows(database);
    this.clusters = database.table("CLUSTER");
  }

  PortRows ports() {
    return ports;
  }

  BusinessKeyRows keys() {
    return keys;
  }

  TakenRows taken() {
    return taken;
  }

  LifeRows lives() {
    return lives;
  }

  /** A cluster of which nothing exists yet. */
  void insert(String id, String instance, String name, ClusterRequest request, Owner owner) {
    Cluster planned = Cluster.planned(id, request.site(), owner.user(), owner.identity());
    Footprint takes = Footprint.of(request);
    database.update(
        "INSERT INTO %s (ID_, SITE_, OWNER_, IDENTITY_, WORKERS_, NODES_, NODE_SECONDS_, PROCESS_INSTANCE_ID_, NAME_, REQUEST_, CHANGED_, WORK_DELETED_, NEXT_WORKER_, GROWTH_, FIRST_NEW_, REPLACEMENTS_, RESTARTS_, REACHED_) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, 0, 0, 0)"
            .formatted(clusters),
        id,
        SiteColumn.write(request.site(), owner.identity()),
        owner.user(),
        owner.identity().name(),
        takes.workers(),
        takes.nodes(),
        takes.nodeSeconds(),
        instance,
        name,
        request.toJson(),
        now(),
        planned.nextWorker(),
        planned.growth().name(),
        planned.firstNew());
  }

  /** Deletes a cluster that is over. */
  void delete(String cluster) {
    database.inTransaction(
        transaction -> {
          ports.delete(cluster);
          keys.delete(cluster);
          jobs.delete(cluster);
          lives.end(cluster);
          return database.update("DELETE FROM %s WHERE ID_ = ?".formatted(clusters), cluster);
        });
  }

  /** The id of the cluster that this process instance has; nothing if it has none. */
  Optional<String> ofInstance(String instance) {
    return database.text(
        "SELECT ID_ FROM %s WHERE PROCESS_INSTANCE_ID_ = ?".formatted(clusters), instance);
  }

  /** The process instance that has the cluster; nothing if there is no such cluster. */
  Optional<String> instance(String cluster) {
    return database.text(
        "SELECT PROCESS_INSTANCE_ID_ FROM %s WHERE ID_ = ?".formatted(clusters), cluster);
  }

  /** The process instances that have clusters, by the clusters' ids. */
  Map<String, String> instances() {
    return database.query(
        jdbc ->
            jdbc
                .query(
                    "SELECT ID_, PROCESS_INSTANCE_ID_ FROM %s".formatted(clusters),
                    (row, number) -> Map.entry(row.getString(1), row.getString(2)))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  /** The user who started it; nothing if that is not known. */
  Optional<String> owner(String cluster) {
    return database.text(
        "SELECT OWNER_ FROM %s WHERE ID_ = ? AND OWNER_ IS NOT NULL".formatted(clusters), cluster);
  }

  /** Hands a cluster over to another process instance. */
  void give(String cluster, String instance) {
    change(cluster, "PROCESS_INSTANCE_ID_ = ?", instance);
  }

  /** What is asked for. */
  ClusterRequest request(String cluster) {
    return ClusterRequest.fromJson(
        database
            .text("SELECT REQUEST_ FROM %s WHERE ID_ = ?".formatted(clusters), cluster)
            .orElseThrow());
  }

  void ask(String cluster, ClusterRequest request) {
    Footprint takes = Footprint.of(request);
    change(
        cluster,
        "REQUEST_ = ?, WORKERS_ = ?, NODES_ = ?, NODE_SECONDS_ = ?",
        request.toJson(),
        takes.workers(),
        takes.nodes(),
        takes.nodeSeconds());
  }

  void workIsDeleted(String cluster) {
    change(cluster, "WORK_DELETED_ = ?", 1);
  }

  /** Notes that an activity waits. */
  void waits(String execution, String cluster, Phase phase, String request) {
    waits(execution, cluster, phase, request, null);
  }

  /**
   * Notes that an activity waits.
   *
   * @param nodes how many a job of its own asks for; null if it has none
   */
  void waits(String execution, String cluster, Phase phase, String request, Long nodes) {
    database.inTransaction(
        transaction -> {
          change(cluster);
          phases.insert(execution, cluster, phase, now(), request, nodes);
          if (phase == Phase.TEAR_DOWN) {
            keys.delete(cluster);
          }
          return null;
        });
  }

  /** Notes that it waits no more; returns what it waited for. */
  Optional<PhaseRows.Wait> waitsNoMore(String execution) {
    return database.inTransaction(
        transaction -> {
          Optional<PhaseRows.Wait> wait = phases.wait(execution);
          wait.ifPresent(
              ended -> {
                change(ended.cluster());
                phases.delete(execution);
              });
          return wait;
        });
  }

  /** The name of a cluster's site; nothing if there is no such cluster. */
  Optional<String> site(String cluster) {
    return database
        .query(
            jdbc ->
                jdbc.query(
                    "SELECT SITE_, IDENTITY_ FROM %s WHERE ID_ = ?".formatted(clusters),
                    (row, number) ->
                        SiteColumn.read(row.getString(1), SiteColumn.identity(row.getString(2))),
                    cluster))
        .stream()
        .findFirst();
  }

  private void change(String cluster, String columns, Object... values) {
    List<Object> arguments = new ArrayList<>(List.of(values));
    arguments.addAll(List.of(now(), cluster));
    database.update(
        "UPDATE %s SET %s, CHANGED_ = ? WHERE ID_ = ?".formatted(clusters, columns),
        arguments.toArray());
  }

  private void change(String cluster) {
    database.update("UPDATE %s SET CHANGED_ = ? WHERE ID_ = ?".formatted(clusters), now(), cluster);
  }

  /** Has the node that leads look at the cluster that has this job at the site, if there is one. */
  void touch(String site, URI job) {
    database.update(
        "UPDATE %s SET CHANGED_ = ? WHERE SITE_ = ? AND ID_ IN (SELECT CLUSTER_ID_ FROM %s WHERE JOB_ = ?)"
            .formatted(clusters, database.table("JOB")),
        now(),
        site,
        job.toString());
  }

  private static long now() {
    return System.currentTimeMillis();
  }

  /** Whether the job is an allocation that was made for one of the clusters at the site. */
  boolean isOwnAllocation(String site, URI job) {
    return database
        .text(
            "SELECT C.ID_ FROM %s J JOIN %s C ON C.ID_ = J.CLUSTER_ID_ WHERE J.JOB_ = ? AND C.SITE_ IN (?, ?) AND J.PURPOSE_ = 'allocation' AND J.OWN_ = 1"
                .formatted(database.table("JOB"), clusters),
            job.toString(),
            site,
            SiteColumn.asInitiator(site))
        .isPresent();
  }

  /** Clusters whose process instance is no more, as after a change of the tables by hand. */
  List<String> orphans(String executions) {
    return database.texts(
        "SELECT C.ID_ FROM %s C LEFT JOIN %s E ON E.ID_ = C.PROCESS_INSTANCE_ID_ WHERE E.ID_ IS NULL"
            .formatted(clusters, executions));
  }
}
