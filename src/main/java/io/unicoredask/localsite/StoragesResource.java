package io.unicoredask.localsite;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** {@code storages}: each job's directory, and the caller's home. */
final class StoragesResource implements Resource {
  private static final String HOME = "HOME";
  private static final String USPACE = "-uspace";

  private final Jobs jobs;
  private final Path homes;
  private final FilesResource files = new FilesResource();

  StoragesResource(Jobs jobs, Path homes) {
    this.jobs = jobs;
    this.homes = homes;
  }

  @Override
  public Answer answer(Request request) {
    if (request.path().size() == 1) {
      if (!request.method().equals("GET")) {
        throw Resource.notAllowed();
      }
      return Resource.render(
          request,
          Paging.list(request, "storages", ids(request), id -> request.base() + "/storages/" + id));
    }
    String id = request.part(1);
    boolean isFile = "files".equals(request.part(2));
    Path root = root(id, request.caller(), isFile);
    String url = request.base() + "/storages/" + id;
    try {
      if (isFile) {
        return files.answer(request, root, url);
      }
      if (request.is("GET", 2)) {
        return Resource.render(request, properties(request, id, root, url));
      }
      if (request.is("POST", 4) && request.part(2).equals("actions")) {
        return act(request, root);
      }
    } catch (IOException e) {
      throw HttpProblem.serverError("Error accessing storage: " + e);
    }
    throw request.path().size() == 2 ? Resource.notAllowed() : Resource.noSuchPath();
  }

  private List<String> ids(Request request) {
    List<String> ids = new ArrayList<>();
    if (request.caller().isAnonymous()) {
      return ids;
    }
    if ("all".equals(request.query().get("filter"))) {
      jobs.of(request.caller()).forEach(job -> ids.add(job.id + USPACE));
    }
    ids.add(HOME);
    return ids;
  }

  /** The directory of a storage; somebody else's files are 404 and not 403, as UNICORE has it. */
  private Path root(String id, Caller caller, boolean isFile) {
    if (id.equals(HOME) && !caller.isAnonymous()) {
      return homes.resolve(caller.user());
    }
    Job job =
        id.endsWith(USPACE) ? jobs.find(id.substring(0, id.length() - USPACE.length())) : null;
    if (job == null && !id.equals(HOME)) {
      throw HttpProblem.notFound();
    }
    if (job == null || !job.owner.equals(caller.user())) {
      throw isFile ? HttpProblem.notFound() : HttpProblem.forbidden();
    }
    return job.directory;
  }

  private static ObjectNode properties(Request request, String id, Path root, String url)
      throws IOException {
    boolean ready = Files.isDirectory(root);
    ObjectNode links = Json.object();
    links.set(
        "action:rename", Json.link("Rename file 'from' to file 'to'.", url + "/actions/rename"));
    links.set("self", Json.link(url));
    links.set("files", Json.link("Files", url + "/files"));
    if (id.endsWith(USPACE)) {
      String job = request.base() + "/jobs/" + id.substring(0, id.length() - USPACE.length());
      links.set("job", Json.link("Parent job", job));
    }
    links.set("action:copy", Json.link("Copy file 'from' to file 'to'.", url + "/actions/copy"));
    ObjectNode json = Json.object();
    json.put("owner", request.caller().dn());
    json.put("umask", "027");
    json.put("mountPoint", root + "/");
    json.put("freeSpace", ready ? Files.getFileStore(root).getUsableSpace() : -1);
    json.set("_links", links);
    json.put("resourceStatusMessage", "N/A");
    json.put("description", id.equals(HOME) ? "Home" : "Job workspace");
    json.set("acl", Json.array(List.of()));
    json.put("usableSpace", -1);
    json.set("tags", Json.array(List.of()));
    json.put("resourceStatus", ready ? "READY" : "INITIALIZING");
    json.put("metadataSupported", false);
    json.put("filesystemDescription", "UNICORE TSI at localhost");
    json.set("protocols", Json.array(List.of("BFT")));
    return json;
  }

  private static Answer act(Request request, Path root) throws IOException {
    request.consumesJson();
    ObjectNode names = Json.parse(request.body(), "Could not perform action");
    if (!names.has("from") || !names.has("to")) {
      throw new HttpProblem(Answer.error(400, "Parameters 'from' and 'to' are required."));
    }
    Path from = FilesResource.resolve(root, Json.text(names, "from"));
    Path to = FilesResource.resolve(root, Json.text(names, "to"));
    switch (request.part(3)) {
      case "rename" -> Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
      case "copy" -> Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
      default -> throw HttpProblem.notFound();
    }
    return Answer.empty(204).with("Content-Type", "application/json");
  }
}
