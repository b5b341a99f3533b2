package io.unicoredask.camunda.engine;

import java.sql.Connection;
import java.util.Optional;
import java.util.function.Function;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.ProcessEngineConfiguration;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.exception.NullValueException;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.cfg.TransactionState;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;
import org.camunda.bpm.engine.repository.ProcessDefinition;

/** A transaction of the engine: what is done in one call of it. */
public final class Transaction {

  private final CommandContext context;

  private Transaction(CommandContext context) {
    this.context = context;
  }

  /** That which is under way. */
  public static Transaction current() {
    return new Transaction(Context.getCommandContext());
  }

  /** The engine whose transaction is under way; nothing if none is. */
  public static Optional<ProcessEngineConfiguration> currentEngine() {
    return Optional.ofNullable(Context.getProcessEngineConfiguration());
  }

  /** Works in the engine's transaction that is under way or, if there is none, in a new one. */
  public static <T> T required(ProcessEngineConfiguration engine, Function<Transaction, T> work) {
    CommandContext current = Context.getCommandContext();
    return current != null && Context.getProcessEngineConfiguration() == engine
        ? work.apply(new Transaction(current))
        : ((ProcessEngineConfigurationImpl) engine)
            .getCommandExecutorTxRequired()
            .execute(context -> work.apply(new Transaction(context)));
  }

  /** Works in one that is committed at once, whatever becomes of that which is under way. */
  public static <T> T requiresNew(
      ProcessEngineConfiguration engine, Function<Transaction, T> work) {
    return ((ProcessEngineConfigurationImpl) engine)
        .getCommandExecutorTxRequiresNew()
        .execute(context -> work.apply(new Transaction(context)));
  }

  /** What its statements go over. Not to be closed. */
  public Connection connection() {
    return SessionConnection.of(context);
  }

  /** Does something if it is committed, and then. */
  public void whenCommitted(Runnable work) {
    context
        .getTransactionContext()
        .addTransactionListener(TransactionState.COMMITTED, committed -> work.run());
  }

  /**
   * Has the message, or the deletion, that it is about repeated if something else changes the same
   * meanwhile ({@link EngineSetup#repeatConflicts}).
   */
  public void repeatOnConflict() {
    ConflictRetries.concernsCluster();
  }

  /** Whose it is. */
  public ProcessEngine engine() {
    return context.getProcessEngineConfiguration().getProcessEngine();
  }

  /** Who makes the call; nothing if nobody has logged in. */
  public Optional<String> user() {
    return Optional.ofNullable(context.getAuthenticatedUserId());
  }

  /** What they may do. */
  public Authorizations authorizations() {
    return new Authorizations(context);
  }

  /** The execution with this id; nothing if there is none. */
  public Optional<DelegateExecution> execution(String id) {
    return Optional.ofNullable(context.getExecutionManager().findExecutionById(id));
  }

  /**
   * The process that a call activity finds by its key; nothing if there is none. No query, which
   * would see only what its user may.
   *
   * @param tenant null for none
   */
  public Optional<ProcessDefinition> latestProcess(String key, String tenant) {
    try {
      return Optional.ofNullable(
          context
              .getProcessEngineConfiguration()
              .getDeploymentCache()
              .findDeployedLatestProcessDefinitionByKeyAndTenantId(key, tenant));
    } catch (NullValueException e) {
      return Optional.empty();
    }
  }

  /**
   * The table that the engine keeps something in, with its prefix. Anybody may ask.
   *
   * @param type the interface of it
   */
  public String table(Class<?> type) {
    return context.getTableDataManager().getTableName(type, true);
  }
}
