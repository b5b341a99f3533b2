package io.unicoredask.localsite;

import io.unicoredask.localsite.Sessions.Session;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Finds out who asks and passes the request to its resource. */
final class Router {
  private static final Logger LOG = Logger.getLogger(Router.class.getName());

  private final Authentication authentication;
  private final Map<String, Resource> resources;

  /**
   * Knows its resources by the first part of the path, {@code ""} for none.
   *
   * @param resources by the first part of the path
   */
  Router(Authentication authentication, Map<String, Resource> resources) {
    this.authentication = authentication;
    this.resources = resources;
  }

  /** Answers; never throws. */
  Answer answer(Request request) {
    Session session = null;
    Answer answer;
    try {
      if (request.method().equals("OPTIONS")) {
        return Answer.empty(503);
      }
      session = authentication.session(request.headers());
      boolean head = request.method().equals("HEAD");
      Request known =
          new Request(
              head ? "GET" : request.method(),
              request.path(),
              request.query(),
              request.headers(),
              request.body(),
              request.base(),
              session.caller());
      Resource resource = resources.get(request.path().isEmpty() ? "" : request.part(0));
      if (resource == null) {
        throw Resource.noSuchPath();
      }
      answer = resource.answer(known);
    } catch (HttpProblem problem) {
      answer = problem.answer();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "Local site: %s failed".formatted(request.path()), e);
      answer = Answer.error(500, "Error: " + e);
    }
    if (session == null || !answer.inSession()) {
      return answer;
    }
    return answer
        .with(Authentication.SESSION, session.id())
        .with(Authentication.SESSION + "-Lifetime", String.valueOf(session.remainingMillis()));
  }
}
