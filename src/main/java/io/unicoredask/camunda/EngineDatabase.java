package io.unicoredask.camunda;

import io.unicoredask.camunda.engine.SessionConnection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** The engine's database, in the engine's transaction: that which is under way, or a new one. */
class EngineDatabase {

  private final ProcessEngineConfigurationImpl engine;

  EngineDatabase(ProcessEngineConfigurationImpl engine) {
    this.engine = engine;
  }

  /** Connections outside of the engine's transactions. */
  DataSource dataSource() {
    return engine.getDataSource();
  }

  /** What the log is to say of what is in it. */
  LogNames logNames() {
    return new LogNames(engine);
  }

  /** The name of one of our tables. */
  String table(String name) {
    return engine.getDatabaseTablePrefix() + "UNICORE_DASK_" + name;
  }

  <T> T query(Function<JdbcTemplate, T> work) {
    return inTransaction(context -> work.apply(template(context)));
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
    return engine
        .getCommandExecutorTxRequiresNew()
        .execute(context -> work.apply(template(context)));
  }

  <T> T inTransaction(Function<CommandContext, T> work) {
    CommandContext current = Context.getCommandContext();
    return current != null && Context.getProcessEngineConfiguration() == engine
        ? work.apply(current)
        : engine.getCommandExecutorTxRequired().execute(work::apply);
  }

  private static JdbcTemplate template(CommandContext context) {
    return new JdbcTemplate(new SingleConnectionDataSource(SessionConnection.of(context), true));
  }
}
