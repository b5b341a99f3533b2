package io.unicoredask.camunda;

import io.unicoredask.cluster.ClusterException;
import org.camunda.bpm.engine.BadUserRequestException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answer to who starts a cluster, or sends it a message, with what is not allowed. */
public final class Refusal extends BadUserRequestException {

  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(Refusal.class);

  private Refusal(String text) {
    super(text);
  }

  /** Says it in the log, too, on one line. */
  static Refusal of(ClusterException reason) {
    String text = reason.error() + ": " + reason.getMessage();
    LOG.info("Refused, {}", OneLine.of(text));
    return new Refusal(text);
  }
}
