package io.unicoredask.camunda.engine;

import org.camunda.bpm.engine.impl.runtime.CorrelationSet;

/**
 * A message, and whom it is for.
 *
 * @param name its own
 * @param processInstance the id of a process instance; null for none
 * @param businessKey a business key; null for none
 * @param tenant a tenant; null for none
 */
public record SentMessage(String name, String processInstance, String businessKey, String tenant) {

  static SentMessage of(String name, CorrelationSet correlation) {
    return new SentMessage(
        name,
        correlation.getProcessInstanceId(),
        correlation.getBusinessKey(),
        correlation.getTenantId());
  }
}
