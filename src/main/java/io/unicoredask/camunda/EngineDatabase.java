package io.unicoredask.camunda;

import io.unicoredask.camunda.engine.EngineSettings;
import io.unicoredask.camunda.engine.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;
import org.camunda.bpm.engine.ProcessEngineConfiguration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** The engine's database, in the engine's transaction: that which is under way, or a new one. */
class EngineDatabase {

  private final ProcessEngineConfiguration engine;
  private final EngineSettings settings;

  EngineDatabase(ProcessEngineConfiguration engine) {
    this.engine = engine;
    this.settings = new EngineSettings(engine);
  }

  /** Connections outside of the engine's transactions. */
  DataSource dataSource() {
    return engine.getDataSource();
  }

  /** What the log is to say of what is in it. */
  LogNames logNames() {
    return new LogNames(settings);
  }

  /** The name of one of our tables. */
  String table(String name) {
    return settings.tablePrefix() + "UNICORE_DASK_" + name;
  }

  <T> T query(Function<JdbcTemplate, T> work) {
    return inTransaction(transaction -> work.apply(template(transaction)));
  }

  /** Returns how many rows it was done to. */
  int update(String sql, Object... arguments) {
    return query(jdbc -> jdbc.update(sql, arguments));
  }

  /** The first column of the first row; nothing if there is none. It must not be null. */
  Optional<String> text(String sql, Object... arguments) {
    return texts(sql, arguments).stream().findFirst();
  }

  /** The first column of each row. */
  List<String> texts(String sql, Object... arguments) {
    return query(jdbc -> jdbc.queryForList(sql, String.class, arguments));
  }

  /** In a transaction that is committed at once, whatever becomes of the one under way. */
  <T> T inNewTransaction(Function<JdbcTemplate, T> work) {
    return Transaction.requiresNew(engine, transaction -> work.apply(template(transaction)));
  }

  <T> T inTransaction(Function<Transaction, T> work) {
    return Transaction.required(engine, work);
  }

  private static JdbcTemplate template(Transaction transaction) {
    return new JdbcTemplate(new SingleConnectionDataSource(transaction.connection(), true));
  }
}
