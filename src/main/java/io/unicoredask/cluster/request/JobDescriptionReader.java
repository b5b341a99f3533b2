package io.unicoredask.cluster.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Reads job descriptions, which are given in JSON or by the name of one of the site's templates. A
 * description has a shape that can be added to, and nothing that the cluster sets itself.
 */
class JobDescriptionReader {

  static final Allowed ALLOWED =
      new Allowed.Other(
          "a UNICORE job description, or the name of one of the site's templates; no tags that begin as [the cluster's own](#job-descriptions)",
          "a JSON object, a UNICORE job description");

  private final VariableReader given;
  private final Supplier<Map<String, ObjectNode>> templates;

  /**
   * @param templates the site's templates; asked for only if one is needed
   */
  JobDescriptionReader(VariableReader given, Supplier<Map<String, ObjectNode>> templates) {
    this.given = given;
    this.templates = templates;
  }

  /** The description that is given. */
  ObjectNode given(Variable variable, String... ownArguments) {
    return checked(variable, described(variable, given.value(variable)), ownArguments);
  }

  /** The template that counts where none is given; an empty description if there is none. */
  ObjectNode template(Variable variable, String name, String... ownArguments) {
    return name == null
        ? JsonNodeFactory.instance.objectNode()
        : checked(variable, templates.get().get(name).deepCopy(), ownArguments);
  }

  private ObjectNode described(Variable variable, Object value) {
    if (value instanceof String text && text.strip().matches("[\\w.-]+")) {
      ObjectNode template = templates.get().get(text.strip());
      if (template == null) {
        given.refuse(
            variable,
            "a job description in JSON, or one of the site's templates "
                + new TreeSet<>(templates.get().keySet()));
        return JsonNodeFactory.instance.objectNode();
      }
      return template.deepCopy();
    }
    return json(variable, value);
  }

  private ObjectNode json(Variable variable, Object value) {
    String allowed = ALLOWED.inRefusal();
    try {
      JsonNode node = GivenJson.of(value);
      if (node instanceof ObjectNode object) {
        return object;
      }
      given.refuse(variable, allowed);
    } catch (JsonProcessingException e) {
      given.refuse(variable, "%s (%s)".formatted(allowed, GivenJson.where(e)));
    } catch (IllegalArgumentException e) {
      given.refuse(variable, allowed);
    }
    return JsonNodeFactory.instance.objectNode();
  }

  private ObjectNode checked(Variable variable, ObjectNode job, String... ownArguments) {
    require(variable, job, "Arguments", JsonNode::isArray, "are a list");
    require(variable, job, "Imports", JsonNode::isContainerNode, "are a list, or an object");
    require(variable, job, "Resources", JsonNode::isObject, "are an object");
    require(
        variable,
        job,
        "Environment",
        JsonNode::isContainerNode,
        "is a list of NAME=value, or an object");
    refuseArguments(variable, job, List.of(ownArguments));
    require(variable, job, "Tags", JobDescriptionReader::isListOfTexts, "are a list of texts");
    given.problems(OwnTags.problems(variable.name(), job.path("Tags")));
    return job;
  }

  private void require(
      Variable variable, ObjectNode job, String part, Predicate<JsonNode> shape, String allowed) {
    JsonNode there = job.path(part);
    if (!there.isMissingNode() && !shape.test(there)) {
      given.refuse(variable, "a job description whose %s %s".formatted(part, allowed));
    }
  }

  private static boolean isListOfTexts(JsonNode tags) {
    boolean texts = tags.isArray();
    for (JsonNode tag : tags) {
      texts &= tag.isTextual();
    }
    return texts;
  }

  private void refuseArguments(Variable variable, ObjectNode job, List<String> ownArguments) {
    for (String own : ownArguments) {
      for (JsonNode argument : job.path("Arguments")) {
        if (argument.asText().equals(own) || argument.asText().startsWith(own + "=")) {
          given.refuse(
              variable,
              "a job description without the argument %s, which the cluster sets itself"
                  .formatted(own));
        }
      }
    }
  }
}
