package io.unicoredask.camunda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.request.Allowed;
import io.unicoredask.cluster.request.ClusterVariable;
import io.unicoredask.cluster.request.ScriptVariable;
import io.unicoredask.cluster.request.Variable;
import io.unicoredask.cluster.request.VariableGroup;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Camunda Modeler's element templates of the activities, and of call activities that call the
 * processes: made from what the code knows of the variables.
 */
final class ElementTemplates {

  private static final String SCHEMA =
      "https://unpkg.com/@camunda/element-templates-json-schema@0.18.1/resources/schema.json";
  private static final String PREFIX = "io.unicoredask.";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What each activity is for, by its delegate expression, in the order of a cluster's life. */
  private static final Map<String, String> ACTIVITIES = new LinkedHashMap<>();

  static {
    ACTIVITIES.put("daskCheckRequest", "Refuses what is not allowed, before anything is submitted");
    ACTIVITIES.put("daskAllocate", "Waits for the allocation that the cluster's jobs run in");
    ACTIVITIES.put("daskStartScheduler", "Submits the scheduler's job, and waits in the queue");
    ACTIVITIES.put("daskAwaitScheduler", "Waits until the scheduler has said where it listens");
    ACTIVITIES.put("daskForwardPorts", "Opens local ports that lead to the scheduler");
    ACTIVITIES.put("daskScaleWorkers", "Has the cluster get the size that is asked for");
    ACTIVITIES.put("daskMonitor", "Looks after a ready cluster until its scheduler ends");
    ACTIVITIES.put("daskRunScript", "Runs a Python script at the site, inside the cluster");
    ACTIVITIES.put("daskLogs", "Reads what the cluster's jobs have written");
    ACTIVITIES.put("daskRestart", "Ends what is left of a cluster that has lost its scheduler");
    ACTIVITIES.put("daskTeardown", "Ends all jobs of the cluster, and waits until they are over");
  }

  private ElementTemplates() {}

  /** All of them, as they are to be in the file. */
  static String text() {
    ArrayNode templates = JSON.createArrayNode();
    templates.add(call("dask-cluster", "Dask cluster", "A Dask cluster, as long as it lives"));
    templates.add(
        call(
            "dask-script", "Dask script", "Runs a Python script inside the Dask cluster there is"));
    ACTIVITIES.keySet().forEach(name -> templates.add(activity(name)));
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter()
            .withArrayIndenter(new DefaultIndenter("  ", "\n"))
            .withObjectIndenter(new DefaultIndenter("  ", "\n"));
    try {
      return JSON.writer(printer).writeValueAsString(templates) + "\n";
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /** The names of the delegate expressions that there are templates of. */
  static Stream<String> activities() {
    return ACTIVITIES.keySet().stream();
  }

  /** The id of the template of an activity. */
  static String id(String expression) {
    return PREFIX + hyphened(expression.replaceFirst("^dask", ""));
  }

  private static ObjectNode activity(String expression) {
    String words = spaced(expression.replaceFirst("^dask", ""));
    ObjectNode template =
        template(
            id(expression),
            "Dask: " + words.toLowerCase(Locale.ROOT),
            ACTIVITIES.get(expression),
            expression,
            "bpmn:ServiceTask");
    ArrayNode properties = template.putArray("properties");
    hidden(properties, "${" + expression + "}")
        .put("type", "property")
        .put("name", "camunda:delegateExpression");
    if (expression.equals("daskRunScript")) {
      inputs(template, properties, scriptVariables());
    }
    return template;
  }

  private static ObjectNode call(String process, String name, String description) {
    ObjectNode template =
        template(PREFIX + process, name, description, process, "bpmn:CallActivity");
    boolean isCluster = process.equals("dask-cluster");
    ArrayNode properties = JSON.createArrayNode();
    hidden(properties, process).put("type", "property").put("name", "calledElement");
    if (isCluster) {
      ObjectNode key = property(properties, "String", "#{execution.processBusinessKey}");
      key.put("label", "Name")
          .put("description", "The cluster's business key: no other living cluster may have it.")
          .putObject("binding")
          .put("type", "camunda:in:businessKey");
      // What is given here, and not what the calling process has.
      hidden(properties, "").put("type", "camunda:in").put("variables", "local");
      inputs(template, properties, clusterVariables());
    } else {
      hidden(properties, "").put("type", "camunda:in").put("variables", "all");
      inputs(template, properties, scriptVariables());
      hidden(properties, "").put("type", "camunda:out").put("variables", "all");
    }
    template.set("properties", properties);
    return template;
  }

  private static ObjectNode template(
      String id, String name, String description, String icon, String type) {
    ObjectNode template = JSON.createObjectNode();
    template
        .put("$schema", SCHEMA)
        .put("name", name)
        .put("id", id)
        .put("version", 1)
        .put("description", description)
        .putObject("icon")
        .put("contents", TemplateIcon.of(icon));
    template.putArray("appliesTo").add("bpmn:Task").add(type);
    template.putObject("elementType").put("value", type);
    return template;
  }

  private static void inputs(ObjectNode template, ArrayNode properties, List<Variable> variables) {
    ArrayNode groups = template.putArray("groups");
    for (VariableGroup section : VariableGroup.values()) {
      List<Variable> inside =
          variables.stream().filter(variable -> VariableGroup.of(variable) == section).toList();
      if (!inside.isEmpty()) {
        groups.addObject().put("id", id(section)).put("label", section.label());
        inside.forEach(variable -> input(properties, section, variable));
      }
    }
  }

  private static String id(VariableGroup section) {
    return section.name().toLowerCase(Locale.ROOT);
  }

  /** One that is left empty is null, which is as if it were not there. */
  private static void input(ArrayNode properties, VariableGroup section, Variable variable) {
    List<String> choices = choices(variable.allowed());
    boolean isLong = variable.type().contains("Json") || variable.name().equals("script");
    ObjectNode property =
        property(properties, !choices.isEmpty() ? "Dropdown" : isLong ? "Text" : "String", null);
    property
        .put("label", variable.label())
        .put("description", description(variable))
        .put("group", id(section));
    property
        .putObject("binding")
        .put("type", "camunda:inputParameter")
        .put("name", variable.name());
    if (!choices.isEmpty()) {
      property.put("value", "");
      ArrayNode all = property.putArray("choices");
      String usual = variable.defaultInWords();
      all.addObject()
          .put("name", usual.isEmpty() ? "(not given)" : "(%s)".formatted(usual))
          .put("value", "");
      choices.forEach(choice -> all.addObject().put("name", choice).put("value", choice));
    }
    String pattern = pattern(variable.allowed());
    if (pattern != null) {
      property
          .putObject("constraints")
          .putObject("pattern")
          .put("value", pattern)
          .put("message", "Allowed is " + variable.allowed().inRefusal() + ", or an expression");
    }
  }

  private static List<String> choices(Allowed allowed) {
    if (allowed instanceof Allowed.Truth) {
      return List.of("true", "false");
    }
    return allowed instanceof Allowed.Choice choice ? choice.values() : List.of();
  }

  private static String pattern(Allowed allowed) {
    if (allowed instanceof Allowed.Range) {
      return "^(\\d*|[$#]\\{.*\\})$";
    }
    return allowed instanceof Allowed.TimeSpan ? "^(|P[0-9DTHMS.]+|[$#]\\{.*\\})$" : null;
  }

  private static String description(Variable variable) {
    String usual = variable.defaultInWords();
    return "%s. Allowed: %s.%s"
        .formatted(
            variable.meaningInWords(),
            variable.allowedInWords(),
            usual.isEmpty() ? "" : " Default: " + usual + ".");
  }

  private static ObjectNode hidden(ArrayNode properties, String value) {
    return property(properties, "Hidden", value).putObject("binding");
  }

  private static ObjectNode property(ArrayNode properties, String type, String value) {
    ObjectNode property = properties.addObject().put("type", type);
    if (value != null && !value.isEmpty()) {
      property.put("value", value);
    }
    return property;
  }

  private static List<Variable> clusterVariables() {
    return Arrays.stream(ClusterVariable.values()).map(ClusterVariable::variable).toList();
  }

  private static List<Variable> scriptVariables() {
    return Arrays.stream(ScriptVariable.values()).map(ScriptVariable::variable).toList();
  }

  private static String spaced(String name) {
    return capital(hyphened(name).replace('-', ' '));
  }

  private static String hyphened(String name) {
    return name.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
