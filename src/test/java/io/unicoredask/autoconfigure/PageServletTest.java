package io.unicoredask.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** What the page of one's clusters consists of. */
class PageServletTest {

  private static final String BASE = "/camunda/unicore-dask";

  @Test
  void thePageAllowsNoProgramStyleOrConnectionButItsOwn() throws Exception {
    MockHttpServletResponse page = get("/");

    assertThat(page.getStatus()).isEqualTo(200);
    assertThat(page.getContentType()).isEqualTo("text/html;charset=UTF-8");
    assertThat(page.getContentAsString()).contains("My Dask clusters").doesNotContain("http:");
    assertThat(page.getHeader("Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe", "http");
    assertThat(page.getHeader("X-Content-Type-Options")).isEqualTo("nosniff");
  }

  @Test
  void allThatItNamesIsThere() throws Exception {
    for (String program : new String[] {"/page.js", "/start-form.js", "/plugin.js"}) {
      assertThat(get(program).getContentType()).isEqualTo("text/javascript;charset=UTF-8");
      assertThat(get(program).getContentLength()).as(program).isPositive();
    }
    for (String style : new String[] {"/page.css", "/start-form.css", "/plugin.css"}) {
      assertThat(get(style).getContentType()).isEqualTo("text/css;charset=UTF-8");
      assertThat(get(style).getContentLength()).as(style).isPositive();
    }
  }

  @Test
  void nothingElseOfTheApplicationIsThere() throws Exception {
    for (String other : new String[] {"/start-form.html", "/../application.yaml", "/x", "/page"}) {
      assertThat(get(other).getStatus()).as(other).isEqualTo(404);
    }
  }

  @Test
  void withoutItsSlashItLeadsToThePage() throws Exception {
    MockHttpServletRequest request = new MockHttpServletRequest("GET", BASE);
    request.setQueryString("engine=default");
    MockHttpServletResponse response = new MockHttpServletResponse();
    new PageServlet().doGet(request, response);

    assertThat(response.getRedirectedUrl()).isEqualTo(BASE + "/?engine=default");
  }

  private static MockHttpServletResponse get(String path) throws Exception {
    MockHttpServletRequest request = new MockHttpServletRequest("GET", BASE + path);
    request.setPathInfo(path);
    MockHttpServletResponse response = new MockHttpServletResponse();
    new PageServlet().doGet(request, response);
    return response;
  }
}
