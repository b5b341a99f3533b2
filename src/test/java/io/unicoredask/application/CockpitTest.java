package io.unicoredask.application;

import static io.unicoredask.application.RestUser.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unicoredask.ApplicationTest;
import io.unicoredask.Browser;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.camunda.bpm.engine.IdentityService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What an operator sees of clusters in Cockpit, and does with them there. */
@ApplicationTest
class CockpitTest {

  private static final String PANEL = ".ud-cluster";
  private static final String LIST = ".ud-clusters";

  @RegisterExtension static final Browser BROWSER = new Browser();

  @Autowired private IdentityService identityService;
  @LocalServerPort private int port;

  private People people;

  private final String key = UUID.randomUUID().toString().substring(0, 8);

  @BeforeEach
  void logIn() {
    people = new People(identityService);
    people.addTo(DaskGroups.USERS, "alice");
    people.addTo(DaskGroups.OPERATORS, "olga");
    BROWSER.resize(Browser.WIDE);
    BROWSER.login(cockpit(), "olga", People.password("olga"));
    // What Camunda's own pages complain of before anybody has logged in is theirs.
    open("/dashboard");
    BROWSER.find(By.linkText("Dask clusters"));
    BROWSER.complaints();
  }

  private String cockpit() {
    return "http://localhost:%d/camunda/app/cockpit".formatted(port);
  }

  @AfterEach
  void removeThem() {
    people.remove();
  }

  @Test
  void aClusterIsSeenScaledReadAndTornDown() throws Exception {
    String instance = start(key, "workers", 1);

    await().until(() -> "RUNNING".equals(status(instance)));
    open("/process-instance/" + instance + "/runtime");
    BROWSER.see(".ud-wait", "ready, 1 worker");
    openTab();
    BROWSER.see(PANEL, "RUNNING");
    BROWSER.see(PANEL, "tcp://127.0.0.1:");
    BROWSER.see(PANEL + " [aria-label='Jobs at the site']", "worker-1");
    assertThat(BROWSER.driver().findElements(By.cssSelector(PANEL + " svg[role=img]"))).hasSize(1);
    BROWSER.screenshot("cockpit-tab");

    BROWSER.type(PANEL + " input[name=workers]", "2");
    BROWSER.click(Browser.withText("Scale …"));
    BROWSER.see(".ud-dialog", "Scale " + key + " to 2 workers?");
    BROWSER.click(Browser.withText("Scale"));
    BROWSER.see(PANEL, "2 connected, 2 workers wanted");
    BROWSER.see(".ud-wait", "ready, 2 workers");

    BROWSER.click(Browser.withText("Read the jobs' logs"));
    BROWSER.see(PANEL + " .ud-log", "scheduler");
    BROWSER.screenshot("cockpit-logs");

    BROWSER.click(Browser.withText("Tear down …"));
    BROWSER.see(".ud-dialog", "All its jobs are ended");
    BROWSER.click(Browser.withText("Cancel"));
    BROWSER.gone(".ud-dialog");
    assertThat(status(instance)).isEqualTo("RUNNING");
    BROWSER.click(Browser.withText("Tear down …"));
    BROWSER.click(Browser.withText("Tear down"));

    open("/dask-clusters");
    BROWSER.type(LIST + " input[name=name]", key);
    BROWSER.see(LIST, "1–1 of 1");
    BROWSER.see(LIST, "STOPPED");
    BROWSER.see(LIST, "(teardown)");
    BROWSER.click(Browser.withText(key));
    BROWSER.see(PANEL, "Ended by\nteardown");
    BROWSER.see(PANEL, "ENDED");
    BROWSER.screenshot("cockpit-over");
    assertThat(BROWSER.complaints()).isEmpty();
  }

  @Test
  void oneThatWaitsSaysForWhatAndOneThatFailedSaysWhyAndNamesAreText() throws Exception {
    String name = key + " <img src=x onerror=alert(1)>";
    String waits = start(name, "queue", "full");
    String fails = start(key + " fails", "queue", "full", "queueTimeout", "PT1S");
    await().until(() -> "FAILED".equals(status(fails)));

    open("/process-instance/" + waits + "/runtime");
    BROWSER.see(".ud-wait", "waits for Resources");
    BROWSER.screenshot("cockpit-waits");

    BROWSER.click(By.linkText("Dask clusters"));
    BROWSER.type(LIST + " input[name=name]", key);
    BROWSER.see(LIST, "1–2 of 2");
    BROWSER.see(LIST, name);
    BROWSER.see(LIST, "DASK_QUEUE_TIMEOUT");
    BROWSER.screenshot("cockpit-list");
    choose("status", "FAILED");
    BROWSER.see(LIST, "1–1 of 1");
    assertThat(BROWSER.text(LIST)).doesNotContain("<img");

    BROWSER.resize(Browser.NARROW);
    assertFits();
    BROWSER.screenshot("cockpit-list-narrow");
    BROWSER.click(Browser.withText(key + " fails"));
    BROWSER.see(PANEL, "queueTimeout = PT1S");
    assertFits();
    BROWSER.screenshot("cockpit-failed-narrow");
    assertThat(BROWSER.complaints()).isEmpty();
  }

  /**
   * The breadcrumbs have a link of the same text. Cockpit makes its tabs anew while the page comes
   * up, and a click on one that is about to go is lost.
   */
  private static void openTab() {
    By tab = By.xpath("//*[contains(@class, 'nav-tabs')]//a[contains(., 'Dask cluster')]");
    await()
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              BROWSER.click(tab);
              return BROWSER.isThere(PANEL);
            });
  }

  /** Nothing of ours is wider than the window. */
  private void assertFits() {
    assertThat(
            BROWSER
                .driver()
                .executeScript(
                    "return [...document.querySelectorAll('.unicore-dask *')].filter(one =>"
                        + " one.getBoundingClientRect().right > innerWidth + 1)"
                        + ".map(one => one.outerHTML)"))
        .isEqualTo(List.of());
  }

  private void choose(String name, String value) {
    WebElement select = BROWSER.find(LIST + " select[name=" + name + "]");
    select.findElement(By.cssSelector("option[value=" + value + "]")).click();
  }

  private void open(String path) {
    BROWSER.open(cockpit() + "/default/#" + path);
  }

  private String start(String name, Object... variables) throws Exception {
    Object[] all = Arrays.copyOf(variables, variables.length + 4);
    System.arraycopy(new Object[] {"site", "local", "localPort", 0}, 0, all, variables.length, 4);
    return ok(RestUser.of(port, "alice").startAs(name, all)).path("id").asText();
  }

  private String status(String instance) throws Exception {
    return shown(instance, "status");
  }

  private String shown(String instance, String what) throws Exception {
    return ok(RestUser.of(port, "olga").get("/unicore-dask/clusters/" + instance))
        .path(what)
        .asText();
  }
}
