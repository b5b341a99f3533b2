package io.unicoredask.camunda;

import java.util.concurrent.ThreadLocalRandom;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.impl.cmd.AbstractCorrelateMessageCmd;
import org.camunda.bpm.engine.impl.cmd.AbstractDeleteProcessInstanceCmd;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.interceptor.Command;
import org.camunda.bpm.engine.impl.interceptor.CommandInterceptor;

/**
 * Correlates a message, or deletes an instance, again when the instance changed at the very moment.
 * The engine has rolled back the first attempt; without this its sender would get an error for
 * something that is neither his fault nor of any meaning to him.
 */
class ConflictRetries extends CommandInterceptor {

  private static final int TRIES = 30;
  private static final int PAUSE_MILLIS = 50;

  @Override
  public <T> T execute(Command<T> command) {
    int tries = isOutermostRequest(command) ? TRIES : 1;
    for (int attempt = 1; ; attempt++) {
      try {
        return next.execute(command);
      } catch (OptimisticLockingException e) {
        if (attempt == tries) {
          throw e;
        }
        pause(attempt);
      }
    }
  }

  /** Within another command its transaction is lost already. */
  private static boolean isOutermostRequest(Command<?> command) {
    return (command instanceof AbstractCorrelateMessageCmd
            || command instanceof AbstractDeleteProcessInstanceCmd)
        && Context.getCommandContext() == null;
  }

  private static void pause(int attempt) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextInt(1, PAUSE_MILLIS * Math.min(attempt, 4) + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProcessEngineException("interrupted while repeating a request", e);
    }
  }
}
