package io.unicoredask;

import static org.awaitility.Awaitility.await;

import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * Ends the process instances that the tests of a class have left in their application, so that the
 * next class finds none: what an instance that was deleted had is ended by another one.
 */
public final class LeftInstances implements AfterAllCallback {

  @Override
  public void afterAll(ExtensionContext context) {
    end(SpringExtension.getApplicationContext(context).getBean(RuntimeService.class));
  }

  /** Returns when there are none. */
  public static void end(RuntimeService runtimeService) {
    await()
        .atMost(Patience.LIMIT)
        .ignoreExceptionsInstanceOf(ProcessEngineException.class)
        .until(
            () -> {
              runtimeService
                  .createProcessInstanceQuery()
                  .list()
                  .forEach(instance -> delete(runtimeService, instance));
              return runtimeService.createProcessInstanceQuery().count() == 0;
            });
  }

  private static void delete(RuntimeService runtimeService, ProcessInstance instance) {
    runtimeService.deleteProcessInstanceIfExists(
        instance.getId(), "test is over", true, true, true, false);
  }
}
