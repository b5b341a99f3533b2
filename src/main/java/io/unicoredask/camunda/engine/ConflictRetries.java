package io.unicoredask.camunda.engine;

import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.impl.cmd.AbstractCorrelateMessageCmd;
import org.camunda.bpm.engine.impl.cmd.AbstractDeleteProcessInstanceCmd;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.interceptor.Command;
import org.camunda.bpm.engine.impl.interceptor.CommandInterceptor;

/**
 * Correlates a message, or deletes an instance, again when something else changed the instance at
 * the very moment. The engine has rolled back the first attempt; without this its sender would get
 * an error for something that is neither his fault nor of any meaning to him. Only what is said to
 * concern a cluster is repeated.
 */
final class ConflictRetries extends CommandInterceptor {

  private static final int TRIES = 20;
  private static final int PAUSE_MILLIS = 20;
  private static final String FOREIGN_KEY = "23503";
  private static final ThreadLocal<Boolean> CONCERNED = new ThreadLocal<>();

  /** Says that the command under way concerns a cluster. */
  static void concernsCluster() {
    CONCERNED.set(true);
  }

  @Override
  public <T> T execute(Command<T> command) {
    if (!isOutermostRequest(command)) {
      return next.execute(command);
    }
    try {
      return repeated(command);
    } finally {
      CONCERNED.remove();
    }
  }

  private <T> T repeated(Command<T> command) {
    for (int attempt = 1; ; attempt++) {
      CONCERNED.remove();
      try {
        return next.execute(command);
      } catch (ProcessEngineException e) {
        if (!isConflict(e) || attempt == TRIES || CONCERNED.get() == null) {
          throw e;
        }
        pause(attempt);
      }
    }
  }

  /**
   * What another transaction has put below something that this one deletes, PostgreSQL reports as a
   * foreign key; the engine takes that for a conflict on other databases only.
   */
  private static boolean isConflict(ProcessEngineException error) {
    return error instanceof OptimisticLockingException
        || Stream.iterate((Throwable) error, Objects::nonNull, Throwable::getCause)
            .anyMatch(
                cause ->
                    cause instanceof SQLException failure
                        && FOREIGN_KEY.equals(failure.getSQLState()));
  }

  /** Within another command its transaction is lost already. */
  private static boolean isOutermostRequest(Command<?> command) {
    return (command instanceof AbstractCorrelateMessageCmd
            || command instanceof AbstractDeleteProcessInstanceCmd)
        && Context.getCommandContext() == null;
  }

  private static void pause(int attempt) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextInt(1, PAUSE_MILLIS * Math.min(attempt, 8) + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProcessEngineException("interrupted while repeating a request", e);
    }
  }
}
