package io.unicoredask;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** That the tests of the pages have a browser, or are skipped. */
class BrowserTest {

  @RegisterExtension static final Browser BROWSER = new Browser();

  @Test
  void aPageIsSeenAsItIsAtAnyWidthAndWhatItComplainsOfIsKnown() throws Exception {
    BROWSER.open(
        "data:text/html,<p id=a>here</p><script>console.error('oh ' + innerWidth)</script>");
    BROWSER.see("#a", "here");
    assertThat(BROWSER.isThere("#b")).isFalse();
    assertThat(BROWSER.complaints()).singleElement().asString().contains("oh 1280");

    BROWSER.resize(Browser.NARROW);
    assertThat(BROWSER.driver().executeScript("return innerWidth")).isEqualTo(400L);
    assertThat(Files.size(BROWSER.screenshot("browser"))).isPositive();
  }
}
