package io.unicoredask.camunda.engine;

import java.sql.Connection;
import org.apache.ibatis.session.SqlSession;
import org.camunda.bpm.engine.impl.cfg.TransactionContext;
import org.camunda.bpm.engine.impl.cfg.TransactionState;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;

/**
 * The connection of the engine's transaction, for statements of others than the engine. Of these
 * its session knows nothing: where it has made no change itself it neither commits nor rolls back,
 * and they are committed when the connection is given back, even if the transaction has failed. So
 * it is told to do so, unless the transactions are somebody else's, Spring's for instance.
 */
final class SessionConnection {

  private SessionConnection() {}

  /**
   * The connection; it is not to be closed.
   *
   * @param context of a command that is under way
   */
  static Connection of(CommandContext context) {
    SqlSession session = context.getDbSqlSession().getSqlSession();
    if (!context.getProcessEngineConfiguration().isTransactionsExternallyManaged()) {
      TransactionContext transaction = context.getTransactionContext();
      transaction.addTransactionListener(
          TransactionState.COMMITTING, ending -> session.commit(true));
      transaction.addTransactionListener(
          TransactionState.ROLLINGBACK, ending -> session.rollback(true));
    }
    return session.getConnection();
  }
}
