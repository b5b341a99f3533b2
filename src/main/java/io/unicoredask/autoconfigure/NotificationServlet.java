package io.unicoredask.autoconfigure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.unicore.RefusedTokenException;
import io.unicoredask.unicore.UnicoreException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Takes what sites send when something becomes of a job, {@code POST SITE}. All that is believed of
 * it is that the job is worth a look.
 *
 * <p>Answers 204 if it comes from the site, whether or not the job is one of a cluster's; 401 if it
 * does not, 503 if that cannot be told now, 404 if there is no such site, 405 if it is no POST, 413
 * if it is long, and 400 if it names no job.
 */
class NotificationServlet extends HttpServlet {

  static final int MOST_BYTES = 64 * 1024;

  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final transient Map<String, SiteNotifications> sites;
  private final transient BiConsumer<String, URI> hint;

  /**
   * @param hint is given the site's name and the job, relative to the site's base URL
   */
  NotificationServlet(Sites sites, BiConsumer<String, URI> hint) {
    this.sites =
        sites.names().stream()
            .collect(
                Collectors.toMap(
                    Function.identity(), name -> new SiteNotifications(sites.get(name).unicore())));
    this.hint = hint;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (!request.getMethod().equals("POST")) {
      response.setHeader("Allow", "POST");
      response.setStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
      return;
    }
    String name = request.getPathInfo() == null ? "" : request.getPathInfo().substring(1);
    response.setStatus(sites.containsKey(name) ? take(name, request, response) : 404);
  }

  /** Returns the status of the answer. */
  private int take(String name, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    SiteNotifications site = sites.get(name);
    try {
      site.require(request.getHeader("Authorization"));
    } catch (RefusedTokenException e) {
      response.setHeader("WWW-Authenticate", "Bearer");
      return HttpServletResponse.SC_UNAUTHORIZED;
    } catch (UnicoreException e) {
      return HttpServletResponse.SC_SERVICE_UNAVAILABLE;
    }
    byte[] body = request.getInputStream().readNBytes(MOST_BYTES + 1);
    if (body.length > MOST_BYTES) {
      return HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE;
    }
    Optional<URI> href = href(body);
    href.flatMap(site::job).ifPresent(job -> hint.accept(name, job));
    return href.isPresent()
        ? HttpServletResponse.SC_NO_CONTENT
        : HttpServletResponse.SC_BAD_REQUEST;
  }

  private static Optional<URI> href(byte[] body) throws IOException {
    try {
      JsonNode href = JSON.readTree(body).path("href");
      return href.isTextual() ? Optional.of(new URI(href.textValue())) : Optional.empty();
    } catch (JsonProcessingException | URISyntaxException e) {
      return Optional.empty();
    }
  }
}
