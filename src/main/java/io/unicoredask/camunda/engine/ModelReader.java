package io.unicoredask.camunda.engine;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.camunda.bpm.engine.impl.bpmn.parser.AbstractBpmnParseListener;
import org.camunda.bpm.engine.impl.persistence.entity.ProcessDefinitionEntity;
import org.camunda.bpm.engine.impl.pvm.process.ActivityImpl;
import org.camunda.bpm.engine.impl.pvm.process.ScopeImpl;
import org.camunda.bpm.engine.impl.util.xml.Element;
import org.camunda.bpm.engine.impl.util.xml.Namespace;

/** Tells of what is in a process model, as the engine reads it. */
final class ModelReader extends AbstractBpmnParseListener {

  /** All that an engine takes, whichever it is: the engine's own constants are not in each. */
  private static final List<Namespace> EXTENSIONS =
      Stream.of(
              "http://camunda.org/schema/1.0/bpmn",
              "http://operaton.org/schema/1.0/bpmn",
              "http://activiti.org/bpmn")
          .map(Namespace::new)
          .toList();

  private final ModelChanges changes;

  ModelReader(ModelChanges changes) {
    this.changes = changes;
  }

  @Override
  public void parseServiceTask(Element task, ScopeImpl scope, ActivityImpl activity) {
    changes.serviceTask(new ModelActivity(activity), extension(task, "delegateExpression"));
  }

  @Override
  public void parseCallActivity(Element call, ScopeImpl scope, ActivityImpl activity) {
    changes.callActivity(
        new ModelActivity(activity), extension(call, "variableMappingDelegateExpression"));
  }

  private static String extension(Element element, String attribute) {
    return EXTENSIONS.stream()
        .map(namespace -> element.attributeNS(namespace, attribute))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  @Override
  public void parseBoundaryMessageEventDefinition(
      Element definition, boolean interrupting, ActivityImpl activity) {
    changes.boundaryMessage(new ModelActivity(activity));
  }

  @Override
  public void parseStartEvent(Element start, ScopeImpl scope, ActivityImpl activity) {
    changes.startEvent(
        new ModelActivity(activity),
        start.element("messageEventDefinition") != null,
        listeners(start));
  }

  private static List<String> listeners(Element element) {
    Element extensions = element.element("extensionElements");
    return extensions == null
        ? List.of()
        : EXTENSIONS.stream()
            .flatMap(namespace -> extensions.elementsNS(namespace, "executionListener").stream())
            .map(listener -> listener.attribute("delegateExpression"))
            .filter(Objects::nonNull)
            .toList();
  }

  @Override
  public void parseRootElement(Element root, List<ProcessDefinitionEntity> definitions) {
    definitions.forEach(process -> changes.process(ModelActivity.in(process)));
  }
}
