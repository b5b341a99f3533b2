package io.unicoredask.camunda.engine;

import java.util.Optional;
import org.camunda.bpm.engine.ProcessEngineServices;

/** Says why a message reaches nobody. */
@FunctionalInterface
public interface MessageExplanation {

  /**
   * Says it, as far as the sender may know: the engine checks what is asked of it.
   *
   * @return nothing if there is no more to say than that nobody waits for it
   */
  Optional<String> of(SentMessage message, ProcessEngineServices engine);
}
