package io.unicoredask.autoconfigure;

import jakarta.ws.rs.Path;
import org.camunda.bpm.tasklist.resource.AbstractTasklistPluginRootResource;

/** Serves the programs of {@link ClustersInTasklist}; without it Tasklist would not come up. */
@Path("plugin/" + ClustersInTasklist.ID)
public final class ClustersInTasklistResource extends AbstractTasklistPluginRootResource {

  /** As Jersey makes it. */
  public ClustersInTasklistResource() {
    super(ClustersInTasklist.ID);
  }
}
