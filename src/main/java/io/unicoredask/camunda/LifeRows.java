package io.unicoredask.camunda;

import io.unicoredask.camunda.engine.Executions;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.ClusterStatus;
import io.unicoredask.cluster.keeper.AtWork;
import io.unicoredask.cluster.keeper.Cluster;
import io.unicoredask.cluster.request.ClusterRequest;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.VariableScope;

/**
 * The lives of clusters for people to look up, a row each, from the request to long after the last
 * job has ended: as long as the engine keeps the history of the process instance. Each is written
 * in the transaction that changes what it tells of.
 *
 * <p>Nodes are counted from when a job is seen to run until it is seen to be over, each with the
 * nodes that are asked for a job of its kind ({@link AtWork#nodes}). What that adds up to is
 * between the batch system's own account and some seconds less or more; an engine that is down
 * meanwhile learns late of what ended. Jobs of scripts are not counted.
 */
class LifeRows {

  /** What a column of a name takes. */
  private static final int LONGEST_NAME = 255;

  private static final int LONGEST_MESSAGE = 4000;

  private final EngineDatabase database;
  private final WorkerRows workers;
  private final String lives;

  LifeRows(EngineDatabase database) {
    this.database = database;
    this.workers = new WorkerRows(database);
    this.lives = database.table("LIFE");
  }

  /**
   * How a life begins.
   *
   * @param cluster the cluster's id; null if it was refused
   * @param instance the process instance that asks for it
   * @param name that one's business key
   * @param process the key of its definition
   * @param size what is asked for
   * @param started when, in milliseconds
   */
  record Begun(
      String cluster,
      String instance,
      String name,
      String process,
      String site,
      String user,
      String tenant,
      String size,
      long started) {

    static Begun now(
        String cluster, DelegateExecution execution, String site, String user, String size) {
      return new Begun(
          cluster,
          execution.getProcessInstanceId(),
          execution.getProcessBusinessKey(),
          Executions.processKey(execution),
          site,
          user,
          execution.getTenantId(),
          size,
          System.currentTimeMillis());
    }
  }

  /** A cluster is on record. */
  void begin(String cluster, DelegateExecution execution, ClusterRequest request, String user) {
    insert(
        Begun.now(cluster, execution, request.site(), user, request.size().toString()),
        ClusterStatus.PENDING);
  }

  /** A cluster has been on record for a while, and is like this by now; null is not known. */
  void add(Begun begun, String status) {
    insert(
        begun,
        Arrays.stream(ClusterStatus.values())
            .filter(one -> one.name().equals(status))
            .findFirst()
            .orElse(ClusterStatus.PENDING));
  }

  /** A request was refused, and there is a process instance that tells of it. */
  void refuse(DelegateExecution execution, String user, ClusterException why) {
    database.update(
        "DELETE FROM %s WHERE INSTANCE_ID_ = ? AND CLUSTER_ID_ IS NULL".formatted(lives),
        execution.getProcessInstanceId());
    String site = text(execution, "site");
    String life = insert(Begun.now(null, execution, site, user, null), ClusterStatus.FAILED);
    endLife(
        life, ClusterStatus.FAILED, EndedBy.ERROR.value(), why.error().name(), why.getMessage());
  }

  private String insert(Begun begun, ClusterStatus status) {
    String life = UUID.randomUUID().toString();
    database.update(
        "INSERT INTO %s (ID_, CLUSTER_ID_, INSTANCE_ID_, NAME_, PROCESS_, SITE_, USER_, TENANT_ID_, STATUS_, SIZE_, STARTED_, NODES_, COUNTED_, NODE_MILLIS_) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 0)"
            .formatted(lives),
        life,
        begun.cluster(),
        begun.instance(),
        name(begun.name()),
        begun.process(),
        name(begun.site()),
        name(begun.user()),
        begun.tenant(),
        status.name(),
        begun.size(),
        begun.started(),
        System.currentTimeMillis());
    return life;
  }

  private static String name(String text) {
    if (text == null) {
      return null;
    }
    String name = OneLine.of(text);
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
  }

  /** Another size is asked for. */
  void resize(String cluster, ClusterRequest request) {
    update("SIZE_ = ?", "CLUSTER_ID_ = ?", request.size().toString(), cluster);
  }

  /** It is in another state. When it was ready first is when it is running first. */
  void is(String cluster, ClusterStatus status) {
    if (status == ClusterStatus.RUNNING) {
      update(
          "STATUS_ = ?, READY_ = COALESCE(READY_, ?)",
          "CLUSTER_ID_ = ?",
          status.name(),
          System.currentTimeMillis(),
          cluster);
    } else {
      update("STATUS_ = ?", "CLUSTER_ID_ = ?", status.name(), cluster);
    }
  }

  /** Its process instance was deleted, and it is being torn down. */
  void isDeleted(String cluster) {
    update(
        "STATUS_ = ?, ENDED_BY_ = ?",
        "CLUSTER_ID_ = ?",
        ClusterStatus.STOPPING.name(),
        EndedBy.DELETION.value(),
        cluster);
  }

  /** Counts nodes and workers, if there are more or fewer of them. */
  void follow(Cluster before, Cluster after, Supplier<ClusterRequest> request) {
    AtWork was = AtWork.of(before);
    AtWork is = AtWork.of(after);
    if (is.equals(was)) {
      return;
    }
    long now = System.currentTimeMillis();
    if (!is.runsTheSameJobsAs(was)) {
      count(after.id(), is.nodes(request.get()), now);
    }
    if (is.connected() != was.connected() || is.wanted() != was.wanted()) {
      update("CONNECTED_ = ?", "CLUSTER_ID_ = ?", is.connected(), after.id());
      living(after.id())
          .ifPresent(
              life -> workers.add(life, new WorkerRows.Count(now, is.connected(), is.wanted())));
    }
  }

  /** MySQL has the new values in what comes behind them. */
  private void count(String cluster, long nodes, long now) {
    update(
        "NODE_MILLIS_ = NODE_MILLIS_ + NODES_ * (? - COUNTED_), NODES_ = ?, COUNTED_ = ?",
        "CLUSTER_ID_ = ?",
        now,
        nodes,
        now,
        cluster);
  }

  private Optional<String> living(String cluster) {
    return database.text(
        "SELECT ID_ FROM %s WHERE CLUSTER_ID_ = ? AND ENDED_ IS NULL".formatted(lives), cluster);
  }

  /**
   * It is over.
   *
   * @param outputs say why
   */
  void end(String cluster, ClusterStatus status, VariableScope outputs) {
    end(
        cluster,
        status,
        text(outputs, DaskVariables.ENDED_BY),
        text(outputs, DaskVariables.ERROR_CODE),
        text(outputs, DaskVariables.ERROR_MESSAGE));
  }

  private static String text(VariableScope outputs, String name) {
    return outputs.getVariable(name) instanceof String text ? text : null;
  }

  /** It is on record no more, if that is news. */
  void end(String cluster) {
    end(cluster, ClusterStatus.STOPPED, EndedBy.DELETION.value(), null, null);
  }

  void end(
      String cluster, ClusterStatus status, String endedBy, String errorCode, String errorMessage) {
    living(cluster)
        .ifPresent(
            life -> {
              workers.add(life, new WorkerRows.Count(System.currentTimeMillis(), 0, 0));
              endLife(life, status, endedBy, errorCode, errorMessage);
            });
  }

  private void endLife(
      String life, ClusterStatus status, String endedBy, String errorCode, String errorMessage) {
    long now = System.currentTimeMillis();
    update(
        "NODE_MILLIS_ = NODE_MILLIS_ + NODES_ * (? - COUNTED_), NODES_ = 0, CONNECTED_ = 0, COUNTED_ = ?, ENDED_ = ?, STATUS_ = ?, ENDED_BY_ = ?, ERROR_CODE_ = ?, ERROR_MESSAGE_ = ?",
        "ID_ = ?",
        now,
        now,
        now,
        status.name(),
        name(endedBy),
        name(errorCode),
        errorMessage == null ? null : TextColumn.fitting(errorMessage, LONGEST_MESSAGE),
        life);
  }

  /**
   * Deletes those that are over and of whose process instances the engine has no history any more.
   *
   * @param history the engine's table of that
   */
  void forget(String history) {
    database.inTransaction(
        transaction -> {
          database.update(
              "DELETE FROM %1$s WHERE ENDED_ IS NOT NULL AND NOT EXISTS (SELECT 1 FROM %2$s H WHERE H.PROC_INST_ID_ = %1$s.INSTANCE_ID_)"
                  .formatted(lives, history));
          workers.forget(lives);
          return null;
        });
  }

  /** Of one that lives. */
  private void update(String assignments, String which, Object... arguments) {
    database.update(
        "UPDATE %s SET %s WHERE %s AND ENDED_ IS NULL".formatted(lives, assignments, which),
        arguments);
  }
}
