package io.unicoredask.camunda;

import io.unicoredask.cluster.sweep.Accounts;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/** Who has had clusters under their own names, a row each. Written by the node that leads. */
class AccountRows implements Accounts {

  private final EngineDatabase database;
  private final String table;

  AccountRows(EngineDatabase database) {
    this.database = database;
    this.table = database.table("ACCOUNT");
  }

  @Override
  public Set<String> users(String site) {
    return new TreeSet<>(
        database.texts("SELECT USER_ FROM %s WHERE SITE_ = ?".formatted(table), site));
  }

  @Override
  public void add(String site, String user) {
    database.update(
        "INSERT INTO %s (SITE_, USER_, SINCE_) VALUES (?, ?, ?)".formatted(table),
        site,
        user,
        System.currentTimeMillis());
  }

  @Override
  public void remove(String site, String user) {
    database.update("DELETE FROM %s WHERE SITE_ = ? AND USER_ = ?".formatted(table), site, user);
  }

  @Override
  public void forgetBefore(int days) {
    database.update(
        "DELETE FROM %s WHERE SINCE_ < ?".formatted(table),
        System.currentTimeMillis() - Duration.ofDays(days).toMillis());
  }
}
