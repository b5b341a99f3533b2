package io.unicoredask.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.unicoredask.DaskClient;
import io.unicoredask.Patience;
import io.unicoredask.SharedMappings;
import io.unicoredask.TestSite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.camunda.bpm.container.impl.metadata.PropertyHelper;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.ProcessEngines;
import org.camunda.bpm.engine.history.HistoricVariableInstance;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.cfg.ProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.SpringBeanFactoryProxyMap;
import org.camunda.bpm.engine.impl.cfg.StandaloneInMemProcessEngineConfiguration;
import org.camunda.bpm.engine.impl.jobexecutor.DefaultJobExecutor;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.camunda.spin.plugin.impl.SpinProcessEnginePlugin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;

/** An engine without Spring, from the plugin and a file alone, with real Dask at a site. */
@ExtendWith(OutputCaptureExtension.class)
class UnicoreDaskEnginePluginTest {

  private static final String SITE = TestSite.configuration("plain");

  @TempDir private Path directory;

  @Test
  void aClusterRunsInAnEngineWithoutSpringAndEndsWithIt() throws Exception {
    Set<Thread> before = threads();
    ProcessEngine engine = engine("plain", SITE, new SpinProcessEnginePlugin());
    try {
      deploy(engine);
      assertThatNothingIsLeftOfWhatIsRolledBack(engine);
      String cluster = start(engine, Map.of("site", "plain", "workers", 1, "localPort", 0));
      awaitVariable(engine, cluster, "clusterStatus", "RUNNING");
      assertThat(rows(engine)).isEqualTo(1);
      String address = variable(engine, cluster, "schedulerAddress");
      assertThat(DaskClient.compute(TestSite.python(), address, 1).path("workers")).hasSize(1);

      engine
          .getRuntimeService()
          .createMessageCorrelation("dask-cluster-teardown")
          .processInstanceId(cluster)
          .correlate();
      awaitVariable(engine, cluster, "clusterStatus", "STOPPED");
      awaitEnd(engine, cluster);
      assertThat(variable(engine, cluster, "endedBy")).isEqualTo("teardown");
    } finally {
      engine.close();
    }
    await()
        .untilAsserted(
            () -> assertThat(threads()).filteredOn(thread -> !before.contains(thread)).isEmpty());
  }

  /** The engine's transaction is the record's, whoever begins it. */
  private static void assertThatNothingIsLeftOfWhatIsRolledBack(ProcessEngine engine) {
    int jobs = TestSite.site().jobs().size();
    assertThatExceptionOfType(ProcessEngineException.class)
        .isThrownBy(() -> start(engine, Map.of("site", "nowhere")))
        .withMessageContaining("site = nowhere")
        .withMessageContaining("[plain]");
    ProcessEngineConfigurationImpl configuration =
        (ProcessEngineConfigurationImpl) engine.getProcessEngineConfiguration();
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                configuration
                    .getCommandExecutorTxRequired()
                    .execute(
                        context -> {
                          start(engine, Map.of("site", "plain", "workers", 1));
                          throw new IllegalStateException("not so");
                        }))
        .withMessage("not so");

    assertThat(engine.getRuntimeService().createProcessInstanceQuery().count()).isZero();
    assertThat(rows(engine)).isZero();
    assertThat(TestSite.site().jobs()).hasSize(jobs);
  }

  @Test
  void expressionsKnowTheNamesOfTheSitesAlsoInAClosedEngine() throws IOException {
    for (String closed :
        List.of("", "  processes: {closed: true, beans: [daskSites, missing]}\n")) {
      ProcessEngine engine = engine("closed", SITE + closed, new SpinProcessEnginePlugin());
      try {
        assertThat(evaluated(engine, "${daskSites.names[0]}")).isEqualTo("plain");
        if (!closed.isEmpty()) {
          assertThatExceptionOfType(ProcessEngineException.class)
              .isThrownBy(() -> evaluated(engine, "${missing.names}"))
              .withStackTraceContaining("the engine has no bean 'missing'");
        }
      } finally {
        engine.close();
      }
    }
  }

  private static Object evaluated(ProcessEngine engine, String expression) {
    engine
        .getRepositoryService()
        .createDeployment()
        .addModelInstance(
            "asks.bpmn",
            Bpmn.createExecutableProcess("asks")
                .camundaHistoryTimeToLiveString("P1D")
                .startEvent()
                .serviceTask()
                .camundaExpression(expression)
                .camundaResultVariable("result")
                .userTask()
                .endEvent()
                .done())
        .deploy();
    return engine
        .getRuntimeService()
        .getVariable(
            engine.getRuntimeService().startProcessInstanceByKey("asks").getId(), "result");
  }

  /** Of which the engine can only ask for one by its name. */
  @Test
  void anEngineKeepsTheBeansOfItsFile() throws IOException {
    UnicoreDaskEnginePlugin plugin = new UnicoreDaskEnginePlugin();
    plugin.setConfiguration(file(SITE).toString());
    DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
    beans.registerSingleton("theirs", "a bean");
    StandaloneInMemProcessEngineConfiguration configuration =
        new StandaloneInMemProcessEngineConfiguration();
    configuration.setBeans(new SpringBeanFactoryProxyMap(beans));

    plugin.preInit(configuration);

    assertThat(configuration.getBeans().get("theirs")).isEqualTo("a bean");
    assertThat(configuration.getBeans().get("daskSites")).isInstanceOf(DaskSites.class);
    assertThat(configuration.getBeans().containsKey("missing")).isFalse();
  }

  @Test
  void anEngineWithoutJsonVariablesIsRefusedAndClosed() {
    Set<Thread> before = threads();

    assertThatIllegalStateException()
        .isThrownBy(() -> engine("no-json", SITE))
        .withMessageContaining("the engine has no JSON variables")
        .withMessageContaining("org.camunda.spin.plugin.impl.SpinProcessEnginePlugin");

    assertThat(ProcessEngines.getProcessEngines()).doesNotContainKey("no-json");
    await()
        .untilAsserted(
            () -> assertThat(threads()).filteredOn(thread -> !before.contains(thread)).isEmpty());
  }

  @Test
  void aFileHasToBeNamed() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                new UnicoreDaskEnginePlugin()
                    .preInit(new StandaloneInMemProcessEngineConfiguration()))
        .withMessageContaining("its property configuration is missing");
  }

  @Test
  void aSiteThatLacksSomethingIsRefusedAsInAnApplication() {
    assertThatIllegalStateException()
        .isThrownBy(() -> engine("refused", "unicore-dask.sites.jewels.username: ada"))
        .withMessage("unicore-dask.sites.jewels.url is missing; every site needs a url");
  }

  @Test
  void itIsSaidThatNobodyHearsTheNotifications(CapturedOutput output) throws IOException {
    UnicoreDaskEnginePlugin plugin = new UnicoreDaskEnginePlugin();
    plugin.setConfiguration(
        file("unicore-dask.notifications.url: https://engine.example.org/unicore-dask").toString());

    plugin.preInit(new StandaloneInMemProcessEngineConfiguration());

    assertThat(output).contains("unicore-dask.notifications.url is set, but this engine has no");
  }

  private ProcessEngine engine(String name, String yaml, ProcessEnginePlugin... others)
      throws IOException {
    UnicoreDaskEnginePlugin plugin = new UnicoreDaskEnginePlugin();
    // As a server does with what its bpm-platform.xml says.
    PropertyHelper.applyProperties(plugin, Map.of("configuration", file(yaml).toString()));
    DefaultJobExecutor jobs = new DefaultJobExecutor();
    jobs.setWaitTimeInMillis(200);
    jobs.setMaxWait(500);
    StandaloneInMemProcessEngineConfiguration configuration =
        new StandaloneInMemProcessEngineConfiguration();
    configuration.getProcessEnginePlugins().addAll(List.of(new SharedMappings(), plugin));
    configuration.getProcessEnginePlugins().addAll(List.of(others));
    ProcessEngine engine =
        configuration
            .setProcessEngineName(name)
            .setJdbcUrl("jdbc:h2:mem:%s".formatted(name))
            .setJobExecutor(jobs)
            .setJobExecutorActivate(true)
            .buildProcessEngine();
    // That of the application of all tests has to be the only one there.
    ProcessEngines.unregister(engine);
    return engine;
  }

  private Path file(String yaml) throws IOException {
    return Files.writeString(directory.resolve("unicore-dask.yaml"), yaml);
  }

  private static void deploy(ProcessEngine engine) {
    engine
        .getRepositoryService()
        .createDeployment()
        .addClasspathResource("processes/dask-cluster.bpmn")
        .deploy();
  }

  private static String start(ProcessEngine engine, Map<String, Object> variables) {
    return engine
        .getRuntimeService()
        .startProcessInstanceByKey("dask-cluster", "plain", variables)
        .getId();
  }

  private static long rows(ProcessEngine engine) {
    ProcessEngineConfigurationImpl configuration =
        (ProcessEngineConfigurationImpl) engine.getProcessEngineConfiguration();
    return new JdbcTemplate(configuration.getDataSource())
        .queryForObject("SELECT COUNT(*) FROM UNICORE_DASK_CLUSTER", Long.class);
  }

  private static void awaitVariable(
      ProcessEngine engine, String instance, String name, String value) {
    await()
        .failFast(
            () ->
                assertThat(variable(engine, instance, "errorMessage")).as("errorMessage").isNull())
        .until(() -> value.equals(variable(engine, instance, name)));
  }

  private static void awaitEnd(ProcessEngine engine, String instance) {
    await()
        .atMost(Patience.LIMIT)
        .until(
            () ->
                engine
                        .getRuntimeService()
                        .createProcessInstanceQuery()
                        .processInstanceId(instance)
                        .count()
                    == 0);
  }

  private static String variable(ProcessEngine engine, String instance, String name) {
    HistoricVariableInstance found =
        engine
            .getHistoryService()
            .createHistoricVariableInstanceQuery()
            .processInstanceId(instance)
            .variableName(name)
            .singleResult();
    return found == null || found.getValue() == null ? null : found.getValue().toString();
  }

  /** Those that the plugin has for as long as it looks after clusters. */
  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(
            thread ->
                thread
                    .getName()
                    .matches(
                        "(unicore-dask-(lease|leadership|clock|plain)|unicore-tunnel|JobExecutor).*"))
        .collect(Collectors.toSet());
  }
}
