package io.unicoredask.camunda;

import java.util.Set;
import org.camunda.bpm.cockpit.plugin.spi.impl.AbstractCockpitPlugin;

/**
 * What Cockpit shows of clusters: the files below {@code plugin-webapp/unicore-dask}. It finds this
 * by itself, and reads what it shows from the engine's REST API.
 */
public final class DaskCockpitPlugin extends AbstractCockpitPlugin {

  static final String ID = "unicore-dask";

  @Override
  public String getId() {
    return ID;
  }

  @Override
  public Set<Class<?>> getResourceClasses() {
    return Set.of(DaskCockpitResource.class);
  }
}
