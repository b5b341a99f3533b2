package io.unicoredask.localsite;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.localsite.Answer.FilePart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** {@code storages/ID/files}: listings, properties and contents. */
final class FilesResource {
  private static final int MOST_FILES = 50_000;

  Answer answer(Request request, Path root, String storageUrl) throws IOException {
    String name = String.join("/", request.path().subList(3, request.path().size()));
    Path path = resolve(root, name);
    return switch (request.method()) {
      case "GET" -> read(request, root, path, storageUrl);
      case "PUT" -> write(request, path);
      case "POST" -> {
        Files.createDirectories(path);
        yield Answer.created(storageUrl + "/files/" + name);
      }
      case "DELETE" -> {
        if (path.equals(root) || !Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
          throw HttpProblem.serverError("Cannot delete <" + name + ">");
        }
        SiteFiles.deleteTree(path);
        yield Answer.empty(204);
      }
      default -> throw Resource.notAllowed();
    };
  }

  /** A path below the storage's root; 403 if it leads out of it. */
  static Path resolve(Path root, String name) {
    Path path = SiteFiles.inside(root, name);
    if (path == null) {
      throw HttpProblem.forbidden();
    }
    return path;
  }

  private static Answer read(Request request, Path root, Path path, String storageUrl)
      throws IOException {
    boolean contents = request.names("application/octet-stream");
    boolean asJson = !contents && request.wantsJson();
    if (!Files.exists(path)) {
      throw HttpProblem.notFound();
    }
    if (contents) {
      return content(request, path);
    }
    ObjectNode json = describe(path);
    json.set("metadata", Json.object());
    ObjectNode links = Json.object();
    if (Files.isDirectory(path)) {
      String relative = root.relativize(path).toString();
      String url = storageUrl + "/files" + (relative.isEmpty() ? "" : "/" + relative);
      links = list(request, root, path, url, json);
    }
    links.set("parentStorage", Json.link("Parent Storage", storageUrl));
    json.set("_links", links);
    if (!asJson) {
      return Html.page(json);
    }
    Answer answer = Answer.json(Json.select(json, request.query().get("fields")));
    return Files.isDirectory(path) ? answer : answer.with("Accept-Ranges", "bytes");
  }

  private static ObjectNode list(
      Request request, Path root, Path directory, String url, ObjectNode json) throws IOException {
    int offset = Math.max(0, request.number("offset", 0));
    int num = Math.max(0, request.number("num", MOST_FILES));
    List<Path> children;
    try (Stream<Path> all = Files.list(directory)) {
      children = all.sorted().skip(offset).limit(num).toList();
    }
    ObjectNode content = json.putObject("content");
    for (Path child : children) {
      try {
        String name = "/" + root.relativize(child);
        content.set(Files.isDirectory(child) ? name + "/" : name, describe(child));
      } catch (IOException justDeleted) {
        // a job may delete a file while its directory is listed
      }
    }
    // UNICORE always claims that there are more.
    return Paging.links(url, offset, content.size(), true);
  }

  private static ObjectNode describe(Path path) throws IOException {
    LinkOption[] options =
        Files.exists(path) ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
    PosixFileAttributes file = Files.readAttributes(path, PosixFileAttributes.class, options);
    return Json.object()
        .put("owner", file.owner().getName())
        .put("size", file.size())
        .put("permissions", PosixFilePermissions.toString(file.permissions()))
        .put("lastAccessed", Json.time(file.lastModifiedTime().toInstant()))
        .put("isDirectory", file.isDirectory())
        .put("group", file.group().getName());
  }

  private static Answer content(Request request, Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new HttpProblem(Answer.empty(406));
    }
    String range = request.headers().get("range");
    long size = Files.size(path);
    if (range == null) {
      return Answer.file(200, new FilePart(path, 0, size));
    }
    try {
      return Answer.file(206, part(path, size, range));
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw new HttpProblem(
          Answer.error(416, "Range header '%s' cannot be parsed: %s".formatted(range, e)));
    }
  }

  private static FilePart part(Path path, long size, String header) {
    if (!header.startsWith("bytes=")) {
      throw new IllegalArgumentException("only bytes are served");
    }
    String range = header.substring("bytes=".length()).trim();
    String[] ends = range.split("-");
    if (range.startsWith("-")) {
      long length = Long.parseLong(ends[1]);
      if (length > size) {
        throw new IllegalArgumentException("the file is shorter");
      }
      return new FilePart(path, size - length, length);
    }
    long first = Long.parseLong(ends[0]);
    long last = ends.length > 1 ? Math.min(size - 1, Long.parseLong(ends[1])) : size - 1;
    if (ends.length > 1 && Long.parseLong(ends[1]) < first) {
      throw new IllegalArgumentException("it ends before it begins");
    }
    return new FilePart(path, Math.min(first, size), Math.max(0, last + 1 - first));
  }

  private static Answer write(Request request, Path path) throws IOException {
    Files.createDirectories(path.getParent());
    Files.write(path, request.body());
    return Answer.empty(204);
  }
}
