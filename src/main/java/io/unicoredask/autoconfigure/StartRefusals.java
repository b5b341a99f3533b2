package io.unicoredask.autoconfigure;

import io.unicoredask.camunda.StartRefusedException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Has Spring Boot say why there is no start in the plugin's own words, and not in a stack trace.
 */
class StartRefusals extends AbstractFailureAnalyzer<StartRefusedException> {

  @Override
  protected FailureAnalysis analyze(Throwable failure, StartRefusedException cause) {
    return new FailureAnalysis(cause.getMessage(), null, cause);
  }
}
