package io.unicoredask.camunda.engine;

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

/**
 * Tells the sender of a message that reaches nobody why. Without it the engine says that nothing
 * matches the parameters.
 */
final class ExplainingCorrelationHandler implements CorrelationHandler {

  private final CorrelationHandler engines;
  private final MessageExplanation explanation;

  /**
   * @param engines what finds out who waits for a message
   * @param explanation asked if nobody does
   */
  ExplainingCorrelationHandler(CorrelationHandler engines, MessageExplanation explanation) {
    this.engines = engines;
    this.explanation = explanation;
  }

  @Override
  public CorrelationHandlerResult correlateMessage(
      CommandContext context, String message, CorrelationSet correlation) {
    CorrelationHandlerResult found = engines.correlateMessage(context, message, correlation);
    if (found == null && message != null) {
      explained(context, SentMessage.of(message, correlation))
          .ifPresent(
              text -> {
                throw new NobodyWaits(message, text);
              });
    }
    return found;
  }

  /** The engine looks for who waits without asking who may read it. */
  private Optional<String> explained(CommandContext context, SentMessage message) {
    return new Authorizations(context)
        .checked(
            () ->
                explanation.of(
                    message, context.getProcessEngineConfiguration().getProcessEngine()));
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
