package io.unicoredask.camunda;

import java.util.List;
import java.util.Optional;
import org.camunda.bpm.engine.BadUserRequestException;
import org.camunda.bpm.engine.MismatchingMessageCorrelationException;
import org.camunda.bpm.engine.impl.interceptor.Command;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;
import org.camunda.bpm.engine.impl.interceptor.CommandInterceptor;
import org.camunda.bpm.engine.impl.runtime.CorrelationHandler;
import org.camunda.bpm.engine.impl.runtime.CorrelationHandlerResult;
import org.camunda.bpm.engine.impl.runtime.CorrelationSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the sender of a message that reaches nobody what has become of the cluster that it was for.
 * Without it the engine says that nothing matches the parameters. Messages of other names than the
 * cluster's own are the engine's alone.
 */
class ExplainingCorrelationHandler implements CorrelationHandler {

  private static final Logger LOG = LoggerFactory.getLogger(ExplainingCorrelationHandler.class);

  private final CorrelationHandler engines;

  /**
   * @param engines what finds out who waits for a message
   */
  ExplainingCorrelationHandler(CorrelationHandler engines) {
    this.engines = engines;
  }

  @Override
  public CorrelationHandlerResult correlateMessage(
      CommandContext context, String message, CorrelationSet correlation) {
    CorrelationHandlerResult found = engines.correlateMessage(context, message, correlation);
    if (found == null && message != null && message.startsWith(RefusedNames.OURS)) {
      Optional<HistoricCluster> fate = HistoricClusters.find(context, correlation);
      if (fate.isPresent()) {
        String text = fate.get().text();
        LOG.info("Message '{}' reaches nobody: {}", OneLine.name(message), text);
        throw new NobodyWaits(message, text);
      }
    }
    return found;
  }

  @Override
  public List<CorrelationHandlerResult> correlateMessages(
      CommandContext context, String message, CorrelationSet correlation) {
    return engines.correlateMessages(context, message, correlation);
  }

  @Override
  public List<CorrelationHandlerResult> correlateStartMessages(
      CommandContext context, String message, CorrelationSet correlation) {
    return engines.correlateStartMessages(context, message, correlation);
  }

  /** Of this kind as long as it is in the engine, which writes a stack trace of others. */
  private static final class NobodyWaits extends BadUserRequestException {

    private static final long serialVersionUID = 1L;

    private final String sent;

    private NobodyWaits(String sent, String text) {
      super(text);
      this.sent = sent;
    }
  }

  /** Makes what the sender catches what the engine itself throws. */
  static final class Interceptor extends CommandInterceptor {

    @Override
    public <T> T execute(Command<T> command) {
      try {
        return next.execute(command);
      } catch (NobodyWaits e) {
        throw new MismatchingMessageCorrelationException(e.sent, e.getMessage());
      }
    }
  }
}
