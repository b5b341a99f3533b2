package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.camunda.bpm.model.bpmn.instance.ServiceTask;
import org.junit.jupiter.api.Test;

/** The element templates are those of the code, and the processes use them. */
class ElementTemplatesTest {

  private static final Path FILE =
      Path.of("processes/.camunda/element-templates/unicore-dask.json");
  private static final String CAMUNDA = "http://camunda.org/schema/1.0/bpmn";

  /** {@code mvn test -Dtest=ElementTemplatesTest -Dtemplates.write} puts them right. */
  @Test
  void theTemplatesAreThoseOfTheCode() throws IOException {
    if (System.getProperty("templates.write") != null) {
      Files.writeString(FILE, ElementTemplates.text());
    } else {
      assertThat(Files.readString(FILE)).isEqualTo(ElementTemplates.text());
    }
  }

  @Test
  void thereIsOneForEachActivity() {
    assertThat(ElementTemplates.activities())
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    Stream.of(DaskActivity.CHECK_REQUEST),
                    Stream.of(DaskActivity.values()).map(DaskActivity::expression))
                .toList());
  }

  @Test
  void theProcessesUseThem() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("processes"))) {
      List<ServiceTask> tasks =
          files
              .filter(file -> file.toString().endsWith(".bpmn"))
              .flatMap(
                  file ->
                      Bpmn.readModelFromFile(file.toFile())
                          .getModelElementsByType(ServiceTask.class)
                          .stream())
              .filter(task -> task.getCamundaDelegateExpression().startsWith("${dask"))
              .toList();
      assertThat(tasks)
          .hasSizeGreaterThan(9)
          .allSatisfy(
              task -> {
                String name = task.getCamundaDelegateExpression().replaceAll("[${}]", "");
                assertThat(task.getAttributeValueNs(CAMUNDA, "modelerTemplate"))
                    .isEqualTo(ElementTemplates.id(name));
                assertThat(task.getAttributeValueNs(CAMUNDA, "modelerTemplateVersion"))
                    .isEqualTo("1");
              });
    }
  }
}
