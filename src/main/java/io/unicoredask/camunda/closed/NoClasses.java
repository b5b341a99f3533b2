package io.unicoredask.camunda.closed;

import org.camunda.bpm.engine.ArtifactFactory;
import org.camunda.bpm.engine.ProcessEngineException;

/** Makes no object of a class that a process names, as a shell or mail task does as well. */
final class NoClasses implements ArtifactFactory {

  @Override
  public <T> T getArtifact(Class<T> type) {
    throw new ProcessEngineException(
        "The class %s is not run, %s; a bean that is allowed can be named instead"
            .formatted(type.getName(), ClosedProcesses.WHY));
  }
}
