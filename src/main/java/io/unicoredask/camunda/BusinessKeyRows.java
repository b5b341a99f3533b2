package io.unicoredask.camunda;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Which cluster has which business key, a row each, until its teardown begins. A key is on record
 * as a hash, since not every database can have one of its length in an index.
 */
class BusinessKeyRows {

  private final EngineDatabase database;
  private final String keys;
  private final String clusters;

  BusinessKeyRows(EngineDatabase database) {
    this.database = database;
    this.keys = database.table("BUSINESS_KEY");
    this.clusters = database.table("CLUSTER");
  }

  /** The process instance of the cluster that has it; nothing if none has. */
  Optional<String> instanceWith(String tenant, String key) {
    return database.text(
        "SELECT C.PROCESS_INSTANCE_ID_ FROM %s K JOIN %s C ON C.ID_ = K.CLUSTER_ID_ WHERE K.KEY_ = ?"
            .formatted(keys, clusters),
        hash(tenant, key));
  }

  /** Two that want the same cannot both get it. */
  void take(String tenant, String key, String cluster) {
    // A node of an earlier version has ended the cluster that had it, and knew of no row.
    database.update(
        "DELETE FROM %s WHERE KEY_ = ? AND CLUSTER_ID_ NOT IN (SELECT ID_ FROM %s)"
            .formatted(keys, clusters),
        hash(tenant, key));
    database.update(
        "INSERT INTO %s (KEY_, CLUSTER_ID_) VALUES (?, ?)".formatted(keys),
        hash(tenant, key),
        cluster);
  }

  void delete(String cluster) {
    database.update("DELETE FROM %s WHERE CLUSTER_ID_ = ?".formatted(keys), cluster);
  }

  private static String hash(String tenant, String key) {
    String text = (tenant == null ? "" : tenant) + '\0' + key;
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
