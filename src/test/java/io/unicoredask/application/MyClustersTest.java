package io.unicoredask.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unicoredask.ApplicationTest;
import io.unicoredask.Browser;
import io.unicoredask.HistoricVariables;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.history.HistoricProcessInstance;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What somebody sees and does who has Tasklist, and no Cockpit. */
@ApplicationTest
class MyClustersTest {

  @RegisterExtension static final Browser BROWSER = new Browser();

  private static final String PANEL = ".ud-cluster";
  private static final String LIST = ".ud-clusters";

  @Autowired private IdentityService identityService;
  @Autowired private RuntimeService runtimeService;
  @Autowired private HistoryService historyService;
  @LocalServerPort private int port;

  private People people;

  @BeforeEach
  void addUsers() {
    people = new People(identityService);
    people.addTo(DaskGroups.USERS, "tess", "tina", "theo");
    people.addTo(DaskGroups.OPERATORS, "olga");
    BROWSER.forget();
  }

  @AfterEach
  void endAll() {
    List<ProcessInstance> left =
        runtimeService
            .createProcessInstanceQuery()
            .processInstanceBusinessKeyLike("clusters-%")
            .list();
    left.forEach(
        one ->
            runtimeService
                .createMessageCorrelation("dask-cluster-teardown")
                .processInstanceId(one.getId())
                .correlateAll());
    people.remove();
  }

  @Test
  void whoIsNotLoggedInIsToldSoAndLedToTheLogin() {
    BROWSER.open(page(""));

    BROWSER.see("main", "You are not logged in");
    assertThat(BROWSER.find(Browser.withText("Log in at Tasklist")).getAttribute("href"))
        .isEqualTo("http://localhost:%d/camunda/app/tasklist/default/".formatted(port));
  }

  @Test
  void anOwnerStartsSeesScalesAndEndsAClusterAndNobodyElseSeesIt() {
    logIn("tess");
    BROWSER.click(Browser.withText("My Dask clusters"));
    BROWSER.see(LIST, "There is no cluster of yours");
    BROWSER.click(Browser.withText("Start a cluster"));
    BROWSER.type(field("businessKey"), "clusters-1");
    choose("site", "local");
    BROWSER.type(field("workers"), "1");
    BROWSER.click(".more summary");
    BROWSER.type(field("localPort"), "0");
    BROWSER.click(Browser.withText("Start"));

    BROWSER.see(PANEL, "clusters-1");
    BROWSER.see(PANEL + " .ud-status", "RUNNING");
    BROWSER.see(PANEL, "tcp://");
    String instance = instance("clusters-1");
    await().until(() -> Integer.valueOf(1).equals(value(instance, "connectedWorkers")));
    BROWSER.screenshot("my-cluster");
    BROWSER.resize(Browser.NARROW);
    BROWSER.screenshot("my-cluster-narrow");
    assertThat(BROWSER.isTooWide()).isFalse();
    BROWSER.resize(Browser.WIDE);

    BROWSER.type(PANEL + " input[name=workers]", "2");
    BROWSER.click(Browser.withText("Scale …"));
    BROWSER.click(Browser.withText("Scale"));
    await().until(() -> Integer.valueOf(2).equals(value(instance, "connectedWorkers")));
    BROWSER.see(PANEL, "2 connected");

    BROWSER.click(Browser.withText("Read the jobs' logs"));
    BROWSER.see(PANEL + " .ud-log", "scheduler");

    BROWSER.click(Browser.withText("← All my clusters"));
    BROWSER.see(LIST, "clusters-1");
    BROWSER.screenshot("my-clusters");
    BROWSER.click(Browser.withText("clusters-1"));
    BROWSER.click(Browser.withText("Tear down …"));
    BROWSER.click(Browser.withText("Tear down"));
    BROWSER.see(PANEL + " .ud-status", "STOPPED");
    assertThat(value(instance, "endedBy")).isEqualTo("teardown");
    assertThat(BROWSER.complaints()).noneMatch(one -> one.contains("Content Security Policy"));

    logIn("olga");
    BROWSER.open(page("#/" + instance));
    BROWSER.see(PANEL, "clusters-1");
    BROWSER.open(page("#/"));
    BROWSER.see(LIST, "There is no cluster of yours");

    logIn("theo");
    BROWSER.open(page("#/" + instance));
    BROWSER.see(PANEL + " [role=alert]", "that you may read");
    assertThat(BROWSER.text("main")).doesNotContain("clusters-1");
    BROWSER.open(page("#/"));
    BROWSER.see(LIST, "There is no cluster of yours");
  }

  @Test
  void oneThatFailedSaysWhyAndIsStartedAgainWithTheSameUnderAnotherNameIfItsOwnIsTaken() {
    String failed = start("clusters-2", Map.of("site", "local", "queue", "nowhere", "workers", 1));
    await().until(() -> "FAILED".equals(value(failed, "clusterStatus")));
    logIn("tina");
    BROWSER.open(page("#/" + failed));
    BROWSER.see(PANEL, "DASK_INVALID_REQUEST");
    BROWSER.see(PANEL, "queue = nowhere is not allowed; allowed are the queues of site 'local'");
    BROWSER.screenshot("my-cluster-failed");

    BROWSER.click(Browser.withText("Start again with the same"));
    await().until(() -> instances("clusters-2").size() == 2);
    String again = instances("clusters-2").get(1).getId();
    for (String name : List.of("site", "queue", "workers")) {
      assertThat(value(again, name)).as(name).isEqualTo(value(failed, name));
    }
    await().until(() -> BROWSER.driver().getCurrentUrl().endsWith("#/" + again));

    await().until(() -> "FAILED".equals(value(again, "clusterStatus")));
    String living = start("clusters-2", Map.of("site", "local", "queue", "full", "localPort", 0));
    BROWSER.open(page("#/" + failed));
    BROWSER.click(Browser.withText("Start again with the same"));
    BROWSER.see(
        ".problems", "the business key clusters-2 is that of the cluster of process instance");
    assertThat(BROWSER.find(field("businessKey")).getAttribute("value")).isEqualTo("clusters-2");
    assertThat(BROWSER.find(field("workers")).getAttribute("value")).isEqualTo("1");
    BROWSER.type(field("businessKey"), "clusters-3");
    choose("queue", "full");
    BROWSER.click(Browser.withText("Start"));
    BROWSER.see(PANEL, "clusters-3");
    assertThat(value(instance("clusters-3"), "queue")).isEqualTo("full");
    assertThat(value(instance("clusters-3"), "workers")).isEqualTo(1);
    assertThat(value(living, "clusterStatus")).isEqualTo("PENDING");
  }

  private void logIn(String user) {
    BROWSER.login(
        "http://localhost:%d/camunda/app/tasklist".formatted(port), user, People.password(user));
  }

  private String page(String route) {
    // Another query each time, since a browser loads nothing anew for another fragment.
    return "http://localhost:%d/camunda/unicore-dask/?n=%d%s"
        .formatted(port, System.nanoTime(), route);
  }

  private static String field(String variable) {
    return "[id^=unicore-dask-%s-]:not(p)".formatted(variable);
  }

  private static void choose(String variable, String choice) {
    BROWSER.click(field(variable) + " option[value='%s']".formatted(choice));
  }

  private String start(String name, Map<String, Object> variables) {
    try {
      identityService.setAuthentication("tina", List.of(DaskGroups.USERS));
      return runtimeService.startProcessInstanceByKey("dask-cluster", name, variables).getId();
    } finally {
      identityService.clearAuthentication();
    }
  }

  private String instance(String name) {
    List<HistoricProcessInstance> found = instances(name);
    return found.get(found.size() - 1).getId();
  }

  private List<HistoricProcessInstance> instances(String name) {
    return historyService
        .createHistoricProcessInstanceQuery()
        .processInstanceBusinessKey(name)
        .orderByProcessInstanceStartTime()
        .asc()
        .list();
  }

  private Object value(String instance, String name) {
    return HistoricVariables.last(historyService, instance, name);
  }
}
