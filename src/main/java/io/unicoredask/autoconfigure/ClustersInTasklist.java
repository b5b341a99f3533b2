package io.unicoredask.autoconfigure;

import java.util.Set;
import org.camunda.bpm.tasklist.plugin.spi.impl.AbstractTasklistPlugin;

/** Has Tasklist lead to <i>My Dask clusters</i>; it finds this by itself. */
public final class ClustersInTasklist extends AbstractTasklistPlugin {

  static final String ID = "unicore-dask-tasklist";

  @Override
  public String getId() {
    return ID;
  }

  @Override
  public Set<Class<?>> getResourceClasses() {
    return Set.of(ClustersInTasklistResource.class);
  }
}
