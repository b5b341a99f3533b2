package io.unicoredask.camunda;

import java.util.Objects;
import java.util.stream.Stream;
import org.camunda.bpm.engine.delegate.DelegateExecution;

/** What a process instance was called by. */
final class Callers {

  private Callers() {}

  /** The execution that called its process instance, the one that called that, and so on. */
  static Stream<DelegateExecution> of(DelegateExecution execution) {
    return Stream.iterate(caller(execution), Objects::nonNull, Callers::caller);
  }

  private static DelegateExecution caller(DelegateExecution execution) {
    return execution.getProcessInstance().getSuperExecution();
  }
}
