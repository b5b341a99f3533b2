package io.unicoredask.autoconfigure;

import io.unicoredask.camunda.DaskProcessEnginePlugin;
import io.unicoredask.camunda.closed.ClosedProcesses;
import io.unicoredask.camunda.engine.PlainEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.cfg.ProcessEnginePlugin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole plugin for an engine that no Spring Boot application starts: named in {@code
 * bpm-platform.xml} or {@code camunda.cfg.xml}, or added in code, with a file of the same
 * properties that a Spring Boot application has. One for each engine. It looks after the clusters
 * from when the engine is built until the engine is closed.
 */
public final class UnicoreDaskEnginePlugin extends AbstractProcessEnginePlugin {

  private static final Logger LOG = LoggerFactory.getLogger(UnicoreDaskEnginePlugin.class);

  private String file = "";
  private PlainEngine plain;
  private Sealed plugin;
  private SitesAtStart sitesAtStart;
  private List<ProcessEnginePlugin> parts = List.of();
  private volatile ProcessEngine engine;

  /**
   * Names the file of the plugin's properties. Required.
   *
   * @param file ends with {@code .yaml}, {@code .yml} or {@code .properties}; relative to the
   *     working directory of the JVM, {@code ~/} being the home directory of its user
   */
  public void setConfiguration(String file) {
    this.file = file == null ? "" : file.strip();
  }

  /**
   * Reads the properties.
   *
   * @throws IllegalStateException if one of them is unknown or makes no sense, or if there are two
   *     jars of the plugin; the message names it
   */
  @Override
  public void preInit(ProcessEngineConfigurationImpl configuration) {
    PluginJars.check(UnicoreDaskEnginePlugin.class.getClassLoader());
    if (file.isEmpty()) {
      throw new IllegalStateException(
          "UnicoreDaskEnginePlugin: its property configuration is missing; it names the file (.yaml"
              + " or .properties) that has the unicore-dask properties");
    }
    PropertiesFile given = new PropertiesFile(HomeDirectory.resolve(Path.of(file)));
    UnicoreDaskProperties properties = given.properties();
    plain = new PlainEngine(configuration);
    plugin = Wiring.of(properties, given.sslBundles(), () -> engine);
    sitesAtStart = new SitesAtStart(plugin.sites());
    plain.add("daskSites", new DaskSites(plugin.sites()));
    parts = parts(properties);
    parts.forEach(part -> part.preInit(configuration));
    if (properties.notifications().url() != null) {
      LOG.warn(
          "unicore-dask.notifications.url is set, but this engine has no page that the sites could"
              + " tell something; only a Spring Boot application on the same database has it");
    }
  }

  private List<ProcessEnginePlugin> parts(UnicoreDaskProperties properties) {
    List<ProcessEnginePlugin> all = new ArrayList<>();
    all.add(new DaskProcessEnginePlugin(plugin::runtime));
    if (properties.processes().closed()) {
      all.add(new ClosedProcesses(properties.processes().beans(), plain::bean));
    }
    return all;
  }

  @Override
  public void postInit(ProcessEngineConfigurationImpl configuration) {
    parts.forEach(part -> part.postInit(configuration));
    plain.beforeItCloses(this::close);
  }

  /**
   * Starts to look after the clusters.
   *
   * @throws IllegalStateException if the engine lacks what the plugin needs; it is closed then
   */
  @Override
  public void postProcessEngineBuild(ProcessEngine built) {
    engine = built;
    try {
      plain.requireJson();
      parts.forEach(part -> part.postProcessEngineBuild(built));
      plugin.runtime().start();
      sitesAtStart.start();
    } catch (RuntimeException e) {
      built.close();
      throw e;
    }
  }

  private void close() {
    if (sitesAtStart.isRunning()) {
      sitesAtStart.stop();
    }
    plugin.runtime().close();
    plugin.close();
  }
}
