package io.unicoredask.cluster.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.site.SiteLimits;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads job descriptions, which are given in JSON or by the name of one of the site's templates. A
 * description has a shape that can be added to, and nothing that the cluster sets itself.
 */
class JobDescriptionReader {

  static final Allowed ALLOWED =
      new Allowed.Other(
          "a UNICORE job description, or the name of one of the site's templates; no tags that begin as [the cluster's own](job-descriptions.md)",
          "a JSON object, a UNICORE job description");

  private final VariableReader given;
  private final Supplier<Map<String, ObjectNode>> templates;
  private final String site;
  private final Supplier<SiteLimits> limits;

  /**
   * @param templates the site's templates; asked for only if one is needed
   * @param site the name of the site
   * @param limits the site's limits; asked for only if they are needed
   */
  JobDescriptionReader(
      VariableReader given,
      Supplier<Map<String, ObjectNode>> templates,
      String site,
      Supplier<SiteLimits> limits) {
    this.given = given;
    this.templates = templates;
    this.site = site;
    this.limits = limits;
  }

  /** The description that is given. */
  ObjectNode given(Variable variable, JobUse use) {
    Object value = given.value(variable);
    ObjectNode job = checked(variable, described(variable, value), use);
    if (!isName(value) && (use == JobUse.SCHEDULER || use == JobUse.WORKER)) {
      doors(variable, job);
    }
    return job;
  }

  private void doors(Variable variable, ObjectNode job) {
    Set<String> closed = new TreeSet<>(SiteLimits.DOORS);
    closed.removeAll(limits.get().arguments());
    for (String allowed :
        DoorCheck.problems(job, closed, SizeCheck.limitProperty(site, "arguments"))) {
      given.refuse(variable, "a job description " + allowed);
    }
  }

  /** Whether it is the name of a template. */
  private static boolean isName(Object value) {
    return value instanceof String text && text.strip().matches("[\\w.-]+");
  }

  /** The template that counts where none is given; an empty description if there is none. */
  ObjectNode template(Variable variable, String name, JobUse use) {
    return name == null
        ? JsonNodeFactory.instance.objectNode()
        : checked(variable, templates.get().get(name).deepCopy(), use);
  }

  private ObjectNode described(Variable variable, Object value) {
    if (isName(value)) {
      ObjectNode template = templates.get().get(((String) value).strip());
      if (template == null) {
        given.refuse(
            variable,
            "a job description in JSON, or one of the site's templates "
                + new TreeSet<>(templates.get().keySet()));
        return JsonNodeFactory.instance.objectNode();
      }
      return template.deepCopy();
    }
    if (limits.get().templatesOnly()) {
      given.refuse(
          variable,
          "at site '%s' the name of one of its templates %s (%s)"
              .formatted(
                  site,
                  new TreeSet<>(templates.get().keySet()),
                  SizeCheck.limitProperty(site, "templates-only")));
      return JsonNodeFactory.instance.objectNode();
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
    JsonNode resources = job.path("Resources");
    queue(variable.name() + ".Resources.Queue", resources.path("Queue"));
    project(variable.name() + ".Resources.Project", resources.path("Project"));
    return job;
  }

  /** A queue that is asked for, here or in a description. */
  void queue(String name, JsonNode asked) {
    place(name, asked, SiteLimits::queues, "queues");
  }

  /** A project that is asked for, here or in a description. */
  void project(String name, JsonNode asked) {
    place(name, asked, SiteLimits::projects, "projects");
  }

  private void place(
      String name, JsonNode asked, Function<SiteLimits, Set<String>> which, String limit) {
    if (asked == null || !asked.isValueNode() || asked.isNull()) {
      return;
    }
    Set<String> allowed = which.apply(limits.get());
    if (!allowed.isEmpty() && !allowed.contains(asked.asText())) {
      given.problem(
          "%s = %s is not allowed; allowed at site '%s' are %s (%s)"
              .formatted(
                  name,
                  asked.asText(),
                  site,
                  new TreeSet<>(allowed),
                  SizeCheck.limitProperty(site, limit)));
    }
  }
}
