package io.unicoredask;

import java.sql.Connection;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.defaults.DefaultSqlSession;
import org.apache.ibatis.session.defaults.DefaultSqlSessionFactory;
import org.apache.ibatis.transaction.Transaction;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Has the engines of a JVM share what the first of them has read of the engine's mappings to its
 * tables, which takes half of an engine's start. It is the same for all on a database of the same
 * kind. All applications of tests have it.
 */
public final class SharedMappings extends AbstractProcessEnginePlugin {

  private static Read read;

  /** What was read, for which kind of database. */
  private record Read(Configuration mappings, String database) {}

  /** Puts it into the applications. */
  @AutoConfiguration
  static class ForApplications {
    @Bean
    SharedMappings sharedMappings() {
      return new SharedMappings();
    }
  }

  @Override
  public void preInit(ProcessEngineConfigurationImpl engine) {
    synchronized (SharedMappings.class) {
      if (read != null) {
        engine.setSqlSessionFactory(new Sessions(read.mappings(), engine));
      }
    }
  }

  @Override
  public void postInit(ProcessEngineConfigurationImpl engine) {
    synchronized (SharedMappings.class) {
      if (read == null) {
        read = new Read(engine.getSqlSessionFactory().getConfiguration(), engine.getDatabaseType());
      }
      if (!read.database().equals(engine.getDatabaseType())) {
        throw new IllegalStateException("the mappings are for " + read.database());
      }
    }
  }

  /** Sessions with the engine's own database, not that of the engine whose mappings were read. */
  private static final class Sessions extends DefaultSqlSessionFactory {

    private final ProcessEngineConfigurationImpl engine;

    Sessions(Configuration mappings, ProcessEngineConfigurationImpl engine) {
      super(mappings);
      this.engine = engine;
    }

    @Override
    public SqlSession openSession() {
      return session(
          engine.getTransactionFactory().newTransaction(engine.getDataSource(), null, false));
    }

    @Override
    public SqlSession openSession(Connection connection) {
      return session(engine.getTransactionFactory().newTransaction(connection));
    }

    private SqlSession session(Transaction transaction) {
      Configuration mappings = getConfiguration();
      return new DefaultSqlSession(
          mappings, mappings.newExecutor(transaction, mappings.getDefaultExecutorType()), false);
    }
  }
}
