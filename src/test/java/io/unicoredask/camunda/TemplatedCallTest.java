package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import org.camunda.bpm.engine.history.HistoricProcessInstance;
import org.camunda.bpm.engine.repository.Deployment;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.camunda.bpm.model.bpmn.builder.CallActivityBuilder;
import org.camunda.bpm.model.bpmn.instance.camunda.CamundaIn;
import org.junit.jupiter.api.Test;

/** A call activity as Camunda Modeler makes it from the element template. */
class TemplatedCallTest extends ProcessTest {

  @Test
  void aClusterIsDescribedThatIsCalledWithNothingButWhatWasFilledIn() throws IOException {
    Deployment deployment =
        repositoryService
            .createDeployment()
            .addModelInstance(
                "templated.bpmn",
                apply(
                        "io.unicoredask.dask-cluster",
                        Bpmn.createExecutableProcess("templated")
                            .camundaHistoryTimeToLiveString("P1D")
                            .startEvent()
                            .callActivity("call"),
                        Map.of(
                            "site", "local",
                            "dryRun", "true",
                            "workers", "${2 + 1}",
                            "threads", "4",
                            "idleTimeout", "PT10M",
                            "workerJob", "{\"Resources\": {\"Runtime\": \"2m\"}}"))
                    .endEvent()
                    .done())
            .deploy();
    try {
      ProcessInstance caller =
          runtimeService.startProcessInstanceByKey(
              "templated", "named-by-its-caller", Map.of("queue", "a queue that there is not"));

      assertThat(caller).isEnded();
      HistoricProcessInstance cluster =
          historyService
              .createHistoricProcessInstanceQuery()
              .superProcessInstanceId(caller.getId())
              .singleResult();
      assertThat(cluster.getBusinessKey()).isEqualTo("named-by-its-caller");
      assertThat(variable(cluster.getId(), "clusterSize")).isEqualTo("3 workers");
      assertThat(variable(cluster.getId(), "workerJobDescription").toString())
          .contains("\"--nthreads\",\"4\"", "\"Runtime\":\"2m\"")
          .doesNotContain("a queue");
      assertThat(variable(cluster.getId(), "schedulerJobDescription").toString())
          .contains("--idle-timeout");
    } finally {
      repositoryService.deleteDeployment(deployment.getId(), true);
    }
  }

  private static CallActivityBuilder apply(
      String id, CallActivityBuilder call, Map<String, String> filledIn) throws IOException {
    for (JsonNode template : new ObjectMapper().readTree(ElementTemplates.text())) {
      if (template.path("id").asText().equals(id)) {
        template.path("properties").forEach(property -> apply(property, call, filledIn));
      }
    }
    return call;
  }

  private static void apply(
      JsonNode property, CallActivityBuilder call, Map<String, String> filledIn) {
    JsonNode binding = property.path("binding");
    String name = binding.path("name").asText();
    String value = filledIn.getOrDefault(name, property.path("value").asText());
    switch (binding.path("type").asText()) {
      case "property" -> call.calledElement(value);
      case "camunda:in:businessKey" -> call.camundaInBusinessKey(value);
      case "camunda:inputParameter" -> call.camundaInputParameter(name, value);
      case "camunda:in" -> {
        CamundaIn all = call.getElement().getModelInstance().newInstance(CamundaIn.class);
        all.setCamundaVariables("all");
        all.setCamundaLocal(binding.path("variables").asText().equals("local"));
        call.addExtensionElement(all);
      }
      default -> throw new AssertionError("what does the Modeler make of " + binding + "?");
    }
  }
}
