package io.unicoredask.autoconfigure;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.springframework.core.io.ClassPathResource;

/**
 * Serves the page <i>My Dask clusters</i>, for people who have no Cockpit, and what it and the
 * start form consist of. It asks for no login, since it tells nothing: what the page shows it reads
 * with the session of the web applications.
 */
final class PageServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  /** What it shows comes from here, and so does all that it does. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final String OWN = "unicore-dask/";

  /** List and panel are the same as in Cockpit. */
  private static final String COCKPIT = "plugin-webapp/unicore-dask/app/";

  private static final Map<String, String> FILES =
      Map.of(
          "/", OWN + "index.html",
          "/page.js", OWN + "page.js",
          "/page.css", OWN + "page.css",
          "/start-form.js", OWN + "start-form.js",
          "/start-form.css", OWN + "start-form.css",
          "/plugin.js", COCKPIT + "plugin.js",
          "/plugin.css", COCKPIT + "plugin.css");

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path = request.getPathInfo();
    if (path == null) {
      String query = request.getQueryString();
      response.sendRedirect(request.getRequestURI() + "/" + (query == null ? "" : "?" + query));
      return;
    }
    String file = FILES.get(path);
    ClassPathResource found =
        file == null ? null : new ClassPathResource(file, PageServlet.class.getClassLoader());
    if (found == null || !found.exists()) {
      response.setStatus(HttpServletResponse.SC_NOT_FOUND);
      return;
    }
    byte[] content = found.getContentAsByteArray();
    response.setContentType(type(file));
    response.setContentLength(content.length);
    response.setHeader("Cache-Control", "no-cache");
    response.setHeader("Content-Security-Policy", POLICY);
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Referrer-Policy", "same-origin");
    response.getOutputStream().write(content);
  }

  private static String type(String file) {
    String kind = file.substring(file.lastIndexOf('.') + 1).replace("js", "javascript");
    return "text/%s;charset=UTF-8".formatted(kind);
  }
}
