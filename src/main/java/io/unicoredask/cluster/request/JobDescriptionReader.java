package io.unicoredask.cluster.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeSet;
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
  ObjectNode given(Variable variable, JobUse use) {
    return checked(variable, described(variable, given.value(variable)), use);
  }

  /** The template that counts where none is given; an empty description if there is none. */
  ObjectNode template(Variable variable, String name, JobUse use) {
    return name == null
        ? JsonNodeFactory.instance.objectNode()
        : checked(variable, templates.get().get(name).deepCopy(), use);
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

  private ObjectNode checked(Variable variable, ObjectNode job, JobUse use) {
    for (String allowed : JobCheck.problems(job, use)) {
      given.refuse(variable, "a job description " + allowed);
    }
    given.problems(OwnTags.problems(variable.name(), job.path("Tags")));
    return job;
  }
}
