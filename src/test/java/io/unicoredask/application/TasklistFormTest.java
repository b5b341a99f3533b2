package io.unicoredask.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unicoredask.ApplicationTest;
import io.unicoredask.Browser;
import io.unicoredask.cluster.site.Sites;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.history.HistoricVariableUpdate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The form by which somebody who knows no names by heart starts a cluster in Tasklist. */
@ApplicationTest
class TasklistFormTest {

  @RegisterExtension static final Browser BROWSER = new Browser();

  private static final String KEY = "by-form";

  @Autowired private IdentityService identityService;
  @Autowired private RuntimeService runtimeService;
  @Autowired private HistoryService historyService;
  @Autowired private Sites sites;
  @LocalServerPort private int port;

  private People people;

  @BeforeEach
  void logIn() {
    people = new People(identityService);
    people.addTo(DaskGroups.USERS, "tess");
    await().until(() -> sites.get("modules").catalogue().known().isPresent());
    BROWSER.login(
        "http://localhost:%d/camunda/app/tasklist".formatted(port),
        "tess",
        People.password("tess"));
  }

  @AfterEach
  void endAll() {
    runtimeService
        .createProcessInstanceQuery()
        .processInstanceBusinessKey(KEY)
        .list()
        .forEach(
            one ->
                runtimeService
                    .createMessageCorrelation("dask-cluster-teardown")
                    .processInstanceId(one.getId())
                    .correlate());
    people.remove();
  }

  @Test
  void whatASiteHasIsThereToChooseAndAllThatIsWrongIsSaidAtOnceUntilAClusterStarts() {
    BROWSER.click(Browser.withText("Start process"));
    BROWSER.click(Browser.withText("Dask cluster"));

    // What there is follows the site.
    BROWSER.find(field("site"));
    assertThat(choices("site")).contains("local", "modules", "personal", "rationed");
    choose("site", "personal");
    BROWSER.see(".site-note", "'tess' has no credential for site 'personal'");
    choose("site", "modules");
    BROWSER.see(".site-note", "up to 20 workers, 10 worker jobs and a lifetime of 12 hours");
    assertThat(choices("queue")).contains("batch", "full", "small");
    BROWSER.click(".more summary");
    assertThat(choices("workerJob")).contains("(tagged, the site's)", "tagged");
    assertThat(BROWSER.find(field("startTimeout")).getAttribute("placeholder")).isEqualTo("PT5M");
    BROWSER.screenshot("start-form");

    // What can be said without the engine.
    BROWSER.type(field("workers"), "-1");
    BROWSER.type(field("lifetime"), "soon");
    BROWSER.type(field("adapt"), "{\"maximum\": ");
    start();
    BROWSER.see(".problems", "Name is missing");
    BROWSER.see(".problems", "Workers: allowed is a whole number from 0 to 100000");
    BROWSER.see(".problems", "Lifetime: allowed is an ISO 8601 duration");
    BROWSER.see(".problems", "Adapt: allowed is a JSON object");
    BROWSER.screenshot("start-form-incomplete");
    BROWSER.find(field("adapt")).clear();

    // What the engine says, all of it; what was typed stays.
    BROWSER.type(field("businessKey"), KEY);
    BROWSER.type(field("workers"), "50");
    BROWSER.type(field("lifetime"), "2d");
    start();
    BROWSER.see(".problems", "DASK_INVALID_REQUEST: ");
    BROWSER.see(".problems", "workers = 50 with processes = 1 makes 50 workers");
    BROWSER.see(".problems", "lifetime = P2D (String) is not allowed; allowed is up to PT12H");
    BROWSER.screenshot("start-form-refused");
    assertThat(runtimeService.createProcessInstanceQuery().processInstanceBusinessKey(KEY).count())
        .isZero();
    assertThat(BROWSER.find(field("lifetime")).getAttribute("value")).isEqualTo("2d");
    assertThat(BROWSER.find(field("site")).getAttribute("value")).isEqualTo("modules");

    // All is well: only what was given is sent.
    BROWSER.type(field("workers"), "1");
    BROWSER.type(field("lifetime"), "2h");
    BROWSER.type(field("localPort"), "0");
    choose("queue", "full");
    choose("connectDashboard", "yes");
    BROWSER.type(field("adapt"), "");
    BROWSER.resize(Browser.NARROW);
    BROWSER.screenshot("start-form-narrow");
    assertThat(BROWSER.isTooWide()).isFalse();
    BROWSER.resize(Browser.WIDE);
    start();
    BROWSER.see("[role=status]", "The cluster by-form is being started.");
    String instance =
        runtimeService
            .createProcessInstanceQuery()
            .processInstanceBusinessKey(KEY)
            .singleResult()
            .getId();
    assertThat(given(instance))
        .isEqualTo(
            Map.of(
                "site",
                "modules",
                "queue",
                "full",
                "workers",
                1,
                "lifetime",
                "PT2H",
                "localPort",
                0,
                "connectDashboard",
                true));
    assertThat(BROWSER.driver().switchTo().activeElement().getAttribute("href"))
        .endsWith("/camunda/unicore-dask/?engine=default#/" + instance);
    assertThat(BROWSER.isThere(".modal-footer .btn-primary")).isFalse();
    assertThat(BROWSER.complaints()).noneMatch(one -> one.contains("Content Security Policy"));
  }

  private void start() {
    BROWSER.click(".modal-footer .btn-primary");
  }

  private static String field(String variable) {
    return "[id^=unicore-dask-%s-]:not(p)".formatted(variable);
  }

  private static List<String> choices(String variable) {
    return BROWSER.find(field(variable)).findElements(By.tagName("option")).stream()
        .map(WebElement::getText)
        .toList();
  }

  private static void choose(String variable, String choice) {
    BROWSER
        .find(field(variable))
        .findElement(By.xpath("option[normalize-space(.)='%s']".formatted(choice)))
        .click();
  }

  /** What the instance was started with. */
  private Map<String, Object> given(String instance) {
    Map<String, Object> given = new TreeMap<>();
    historyService
        .createHistoricDetailQuery()
        .processInstanceId(instance)
        .variableUpdates()
        .initial()
        .list()
        .stream()
        .map(HistoricVariableUpdate.class::cast)
        .forEach(one -> given.put(one.getVariableName(), one.getValue()));
    return given;
  }
}
