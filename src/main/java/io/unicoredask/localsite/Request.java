package io.unicoredask.localsite;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A request for something below {@code /SITE/rest/core}.
 *
 * @param path the decoded parts of the path after {@code rest/core}, none empty
 * @param query the query's parameters
 * @param headers the headers by lower-case name
 * @param base the URL of {@code rest/core} as the client wrote it, for links
 * @param caller who asks
 */
record Request(
    String method,
    List<String> path,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] body,
    String base,
    Caller caller) {

  String part(int index) {
    return index < path.size() ? path.get(index) : null;
  }

  boolean is(String wanted, int pathLength) {
    return method.equals(wanted) && path.size() == pathLength;
  }

  Request by(Caller who) {
    return new Request(method, path, query, headers, body, base, who);
  }

  /** A whole number of the query; 404 if it is not one, as JAX-RS has it. */
  int number(String name, int otherwise) {
    try {
      String value = query.get(name);
      return value == null ? otherwise : Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw HttpProblem.notFound();
    }
  }

  /** The first of the types offered that the client accepts; 406 if it accepts none. */
  String accepted(String... offered) {
    String accept = headers.getOrDefault("accept", "*/*").toLowerCase(Locale.ROOT);
    for (String range : accept.split(",")) {
      String type = range.split(";")[0].trim();
      for (String offer : offered) {
        if (type.equals(offer)
            || type.equals("*/*")
            || type.equals(offer.substring(0, offer.indexOf('/')) + "/*")) {
          return offer;
        }
      }
    }
    throw new HttpProblem(Answer.empty(406).outsideSession());
  }

  /** Whether the client names this type. */
  boolean names(String type) {
    return headers.getOrDefault("accept", "").toLowerCase(Locale.ROOT).contains(type);
  }

  /** Whether to answer in JSON; those who take anything get HTML, as from UNICORE. */
  boolean wantsJson() {
    if (names("application/json")) {
      return true;
    }
    accepted("text/html");
    return false;
  }

  /** Sees to it that the body is JSON; 415 if it says otherwise. */
  void consumesJson() {
    if (!contentType().equals("application/json")) {
      throw new HttpProblem(Answer.empty(415).outsideSession());
    }
  }

  String contentType() {
    return headers.getOrDefault("content-type", "").split(";")[0].trim().toLowerCase(Locale.ROOT);
  }
}
