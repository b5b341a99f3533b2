package io.unicoredask.localsite;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.localsite.LocalSiteSettings.Application;
import io.unicoredask.localsite.LocalSiteSettings.Queue;
import java.util.List;
import java.util.Map;

/**
 * {@code factories} and {@code sites}, each with one member: what a user may ask of the site, its
 * queues and applications.
 */
final class FactoryResource implements Resource {
  private final LocalSiteSettings settings;
  private final String kind;
  private final String id;
  private final Jobs jobs;

  /**
   * One of the two.
   *
   * @param kind {@code factories} or {@code sites}
   * @param id the id of the one member
   */
  FactoryResource(LocalSiteSettings settings, String kind, String id, Jobs jobs) {
    this.settings = settings;
    this.kind = kind;
    this.id = id;
    this.jobs = jobs;
  }

  @Override
  public Answer answer(Request request) {
    if (!request.method().equals("GET")) {
      throw Resource.notAllowed();
    }
    String all = request.base() + "/" + kind;
    if (request.path().size() == 1) {
      List<String> ids = request.caller().isAnonymous() ? List.of() : List.of(id);
      return Resource.render(request, Paging.list(request, kind, ids, one -> all + "/" + one));
    }
    if (!id.equals(request.part(1))) {
      throw HttpProblem.notFound();
    }
    if (request.caller().isAnonymous()) {
      throw HttpProblem.forbidden();
    }
    if (request.path().size() == 2) {
      return Resource.render(request, properties(request, all + "/" + id));
    }
    if (!"applications".equals(request.part(2)) || request.path().size() > 4) {
      throw Resource.noSuchPath();
    }
    if (request.path().size() == 3) {
      ObjectNode names = Json.object();
      names.set("applications", Json.array(applications()));
      return Resource.render(request, names);
    }
    return Resource.render(request, application(request.part(3)));
  }

  private ObjectNode properties(Request request, String self) {
    ObjectNode links = Json.object();
    links.set("self", Json.link(self));
    links.set("applications", Json.link(self + "/applications"));
    ObjectNode json = Json.object();
    if (kind.equals("factories")) {
      links.set("sites", Json.link(request.base() + "/sites"));
      json.put("siteName", settings.siteName());
      json.put("owner", BaseResource.SERVER_DN);
    } else {
      links.set("jobs", Json.link(request.base() + "/jobs"));
      links.set("storage:HOME", Json.link(request.base() + "/storages/HOME"));
      json.put("owner", request.caller().dn());
      json.put("umask", "027");
      json.put("numberOfJobs", jobs.of(request.caller()).size());
    }
    ObjectNode time = Json.object();
    time.set(
        "__CURRENT_PROJECT__",
        Json.object().put("rel", "-1%").put("units", "core-h").put("remaining", "-1"));
    json.set("otherInfo", Json.object());
    json.put("supportsReservation", "false");
    json.set("remainingComputeTime", time);
    json.set("_links", links);
    json.set("resources", resources());
    json.set("acl", Json.array(List.of()));
    json.set("tags", Json.array(List.of()));
    json.set("applications", Json.array(applications()));
    return json;
  }

  private ObjectNode resources() {
    ObjectNode queues = Json.object();
    for (Map.Entry<String, Queue> entry : settings.queues().entrySet()) {
      Queue queue = entry.getValue();
      queues.set(
          entry.getKey(),
          Json.object()
              .put("CPUsPerNode", "1-" + queue.maxCpusPerNode())
              .put("Project", "*")
              .put("Runtime", "1-" + queue.maxRuntime().toSeconds())
              .put("MemoryPerNode", "1-" + Long.MAX_VALUE)
              .put("Nodes", "1-" + queue.nodes())
              .put("TotalCPUs", "1-" + queue.nodes() * queue.maxCpusPerNode()));
    }
    return queues;
  }

  private List<String> applications() {
    return settings.applications().entrySet().stream()
        .map(entry -> entry.getKey() + "---v" + entry.getValue().version())
        .toList();
  }

  private ObjectNode application(String spec) {
    String[] parts = spec.split("---v", 2);
    Application application = settings.applications().get(parts[0]);
    if (application == null || parts.length < 2 || !parts[1].equals(application.version())) {
      throw HttpProblem.notFound();
    }
    ObjectNode json = Json.object();
    json.set("Options", Json.object());
    return json.put("ApplicationName", parts[0])
        .put("ApplicationVersion", application.version())
        .put("ApplicationDescription", parts[0]);
  }
}
