package io.unicoredask.localsite;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Function;

/** Lists of URLs in pages. */
final class Paging {
  private static final int DEFAULT_SIZE = 200;

  private Paging() {}

  /** A page, with links to its neighbours; the links lose all other parameters, as UNICORE's do. */
  static ObjectNode list(
      Request request, String kind, List<String> ids, Function<String, String> url) {
    int offset = request.number("offset", 0);
    int num = request.number("num", DEFAULT_SIZE);
    if (offset < 0 || num < 0) {
      throw HttpProblem.serverError(
          "Error: java.lang.IllegalArgumentException: offset and num must be positive.");
    }
    int end = (int) Math.min((long) offset + num, ids.size());
    ObjectNode json = Json.object();
    json.set("_links", links(request.base() + "/" + kind + "/", offset, num, end < ids.size()));
    json.set(kind, Json.array(ids.subList(Math.min(offset, end), end).stream().map(url).toList()));
    return json;
  }

  static ObjectNode links(String url, int offset, int num, boolean more) {
    ObjectNode links = Json.object();
    links.set("self", page(url, offset, num));
    if (offset > 0) {
      links.set("previous", page(url, Math.max(0, offset - num), num));
    }
    if (more) {
      links.set("next", page(url, offset + num, num));
    }
    return links;
  }

  private static ObjectNode page(String url, int offset, int num) {
    return Json.link("%s?offset=%d&num=%d".formatted(url, offset, num));
  }
}
