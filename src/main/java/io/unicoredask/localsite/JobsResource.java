package io.unicoredask.localsite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** {@code jobs}. */
final class JobsResource implements Resource {
  private final Jobs jobs;
  private final JobProcessing processing;
  private final String siteId;

  JobsResource(Jobs jobs, JobProcessing processing, String siteId) {
    this.jobs = jobs;
    this.processing = processing;
    this.siteId = siteId;
  }

  @Override
  public Answer answer(Request request) {
    if (request.path().size() == 1) {
      return switch (request.method()) {
        case "GET" -> list(request);
        case "POST" -> submit(request);
        default -> throw Resource.notAllowed();
      };
    }
    if (request.method().equals("POST") && request.path().size() == 2) {
      request.consumesJson();
    }
    Job job = job(request.part(1), request.caller());
    if (request.path().size() == 2) {
      return job(request, job);
    }
    return switch (request.part(2)) {
      case "actions" -> act(request, job);
      case "details" -> get(request, processing.details(job));
      case "submitted" -> get(request, job.submitted.deepCopy());
      case "forward-port" -> get(request, Json.object().put("status", "Nothing to see here yet."));
      default -> throw Resource.noSuchPath();
    };
  }

  /**
   * A job that the caller may see.
   *
   * @throws HttpProblem 404 or 403
   */
  Job job(String id, Caller caller) {
    Job job = jobs.find(id);
    if (job == null) {
      throw HttpProblem.notFound();
    }
    if (!job.owner.equals(caller.user())) {
      throw HttpProblem.forbidden();
    }
    return job;
  }

  private Answer list(Request request) {
    String tags = request.query().get("tags");
    List<String> wanted = tags == null || tags.isBlank() ? List.of() : List.of(tags.split("[ +,]"));
    List<String> ids =
        jobs.of(request.caller()).stream()
            .filter(job -> job.tags().containsAll(wanted))
            .map(job -> job.id)
            .toList();
    ObjectNode page = Paging.list(request, "jobs", ids, id -> request.base() + "/jobs/" + id);
    return request.wantsJson() ? Answer.json(page) : Html.page(page);
  }

  private Answer submit(Request request) {
    request.consumesJson();
    if (request.caller().isAnonymous()) {
      throw HttpProblem.forbidden();
    }
    ObjectNode description = Json.parse(request.body(), "Could not submit job");
    Job job = jobs.submit(request.caller().user(), description);
    return Answer.created(request.base() + "/jobs/" + job.id);
  }

  private Answer job(Request request, Job job) {
    return switch (request.method()) {
      case "GET" -> {
        ObjectNode json = job.render();
        json.set("_links", links(request.base(), job));
        yield Resource.render(request, json);
      }
      case "PUT" -> modify(request, job);
      case "POST" -> submitInto(request, job);
      case "DELETE" -> {
        jobs.delete(job);
        yield Answer.empty(204);
      }
      default -> throw Resource.notAllowed();
    };
  }

  private Answer submitInto(Request request, Job allocation) {
    Allocations.checkIsAllocation(allocation);
    ObjectNode task = Json.parse(request.body(), "Could not submit task into allocation");
    Job job = jobs.submitInto(allocation, request.caller().user(), task);
    return Answer.created(request.base() + "/jobs/" + job.id);
  }

  private static Answer modify(Request request, Job job) {
    request.consumesJson();
    ObjectNode changes = Json.parse(request.body(), "Could not modify properties");
    ObjectNode reply = Json.object();
    for (String name : (Iterable<String>) changes::fieldNames) {
      JsonNode value = changes.get(name);
      if (name.equals("tags") && value.isArray()) {
        job.tags(List.copyOf(Json.texts(value)));
        reply.put(name, "OK");
      } else {
        reply.put(name, "Property not found or cannot be modified!");
      }
    }
    return Answer.json(reply);
  }

  private Answer act(Request request, Job job) {
    if (!request.is("POST", 4)) {
      throw request.path().size() == 4 ? Resource.notAllowed() : Resource.noSuchPath();
    }
    boolean form = request.contentType().equals("application/x-www-form-urlencoded");
    if (!form) {
      request.consumesJson();
    }
    switch (request.part(3)) {
      case "start" -> processing.start(job);
      case "abort" -> processing.abort(job);
      case "restart" -> processing.restart(job);
      default -> throw HttpProblem.notFound();
    }
    return form
        ? Answer.empty(303)
            .with("Location", request.base() + "/jobs/" + job.id)
            .with("Content-Type", "text/html")
        : Answer.empty(204).with("Content-Type", "application/json");
  }

  private static Answer get(Request request, ObjectNode json) {
    if (!request.is("GET", 3)) {
      throw request.path().size() == 3 ? Resource.notAllowed() : Resource.noSuchPath();
    }
    request.accepted("application/json");
    return Answer.json(Json.select(json, request.query().get("fields")));
  }

  private ObjectNode links(String base, Job job) {
    String self = base + "/jobs/" + job.id;
    ObjectNode links = Json.object();
    links.set("submitted", Json.link("Submitted job description", self + "/submitted"));
    links.set("action:start", Json.link("Start", self + "/actions/start"));
    links.set("action:restart", Json.link("Restart", self + "/actions/restart"));
    links.set(
        "workingDirectory",
        Json.link("Working directory", base + "/storages/" + job.id + "-uspace"));
    links.set("self", Json.link(self));
    links.set("details", Json.link("BSS job details", self + "/details"));
    links.set("action:abort", Json.link("Abort", self + "/actions/abort"));
    links.set("forwarding", Json.link("Start port forwarding", self + "/forward-port"));
    links.set("parentTSS", Json.link("Parent TSS", base + "/sites/" + siteId));
    return links;
  }
}
