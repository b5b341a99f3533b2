package io.unicoredask.cluster.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.site.SiteDefaults;
import java.util.Map;
import java.util.TreeSet;

/** Job descriptions among the variables: in JSON, or by the name of one of the site's templates. */
class GivenJobs {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final GivenVariables given;
  private final SiteDefaults defaults;

  GivenJobs(GivenVariables given, SiteDefaults defaults) {
    this.given = given;
    this.defaults = defaults;
  }

  /** A job description of a shape that can be added to, without the arguments that are ours. */
  ObjectNode job(String name, String defaultTemplate, String... ownArguments) {
    ObjectNode job = described(name, defaultTemplate, defaults.templates());
    if (!job.path("Arguments").isMissingNode() && !job.path("Arguments").isArray()) {
      given.refuse(name, "a job description whose Arguments are a list");
    }
    if (!job.path("Imports").isMissingNode() && !job.path("Imports").isContainerNode()) {
      given.refuse(name, "a job description whose Imports are a list, or an object");
    }
    if (!job.path("Tags").isMissingNode() && !job.path("Tags").isArray()) {
      given.refuse(name, "a job description whose Tags are a list");
    }
    if (!job.path("Resources").isMissingNode() && !job.path("Resources").isObject()) {
      given.refuse(name, "a job description whose Resources are an object");
    }
    if (!job.path("Environment").isMissingNode() && !job.path("Environment").isContainerNode()) {
      given.refuse(
          name, "a job description whose Environment is a list of NAME=value, or an object");
    }
    for (String argument : ownArguments) {
      for (JsonNode argumentGiven : job.path("Arguments")) {
        if (argumentGiven.asText().equals(argument)
            || argumentGiven.asText().startsWith(argument + "=")) {
          given.refuse(
              name,
              "a job description without the argument %s, which the cluster sets itself"
                  .formatted(argument));
        }
      }
    }
    return job;
  }

  private ObjectNode described(
      String name, String defaultTemplate, Map<String, ObjectNode> templates) {
    Object value = given.value(name);
    if (value == null || value instanceof String text && text.isBlank()) {
      return defaultTemplate == null
          ? JSON.createObjectNode()
          : templates.get(defaultTemplate).deepCopy();
    }
    if (value instanceof String text && text.strip().matches("[\\w.-]+")) {
      ObjectNode template = templates.get(text.strip());
      if (template == null) {
        given.refuse(
            name,
            "a job description in JSON, or one of the site's templates "
                + new TreeSet<>(templates.keySet()));
        return JSON.createObjectNode();
      }
      return template.deepCopy();
    }
    return json(name, value);
  }

  private ObjectNode json(String name, Object value) {
    try {
      JsonNode node = value instanceof String text ? JSON.readTree(text) : JSON.valueToTree(value);
      if (node instanceof ObjectNode object) {
        return object;
      }
      given.refuse(name, "a JSON object, a UNICORE job description");
    } catch (JsonProcessingException e) {
      given.refuse(name, "a JSON object, a UNICORE job description (%s)".formatted(where(e)));
    } catch (IllegalArgumentException e) {
      given.refuse(name, "a JSON object, a UNICORE job description");
    }
    return JSON.createObjectNode();
  }

  private static String where(JsonProcessingException e) {
    // Jackson tells at length that it does not show the source
    String message = e.getOriginalMessage().replaceAll("\\[Source: [^;]*; ", "[");
    return e.getLocation() == null
        ? message
        : "%s at line %d, column %d"
            .formatted(message, e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }
}
