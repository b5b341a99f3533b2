package io.unicoredask.application;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Serves the Python package as {@code pip install --find-links} looks for it: a page with a link,
 * and the wheel that it leads to. Asks for no login, since it tells nothing of this engine.
 */
class PythonPackageServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  private static final String PAGE =
      """
      <!DOCTYPE html>
      <html lang="en"><head><title>camunda_dask</title></head>
      <body><a href="%1$s">%1$s</a></body></html>
      """;

  private final transient PythonWheel wheel;

  PythonPackageServlet(PythonWheel wheel) {
    this.wheel = wheel;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path = request.getPathInfo();
    if (path == null) {
      response.sendRedirect(request.getRequestURI() + "/");
    } else if (path.equals("/")) {
      byte[] page = PAGE.formatted(wheel.fileName()).getBytes(StandardCharsets.UTF_8);
      send(response, "text/html;charset=UTF-8", page);
    } else if (path.equals("/" + wheel.fileName())) {
      send(response, "application/zip", wheel.content());
    } else {
      response.setStatus(HttpServletResponse.SC_NOT_FOUND);
    }
  }

  /** A snapshot has the same name as the one before it. */
  private static void send(HttpServletResponse response, String type, byte[] content)
      throws IOException {
    response.setContentType(type);
    response.setContentLength(content.length);
    response.setHeader("Cache-Control", "no-cache");
    response.getOutputStream().write(content);
  }
}
