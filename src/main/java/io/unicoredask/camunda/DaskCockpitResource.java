package io.unicoredask.camunda;

import jakarta.ws.rs.Path;
import org.camunda.bpm.cockpit.plugin.resource.AbstractCockpitPluginRootResource;

/** Serves the files of {@link DaskCockpitPlugin}. */
@Path("plugin/" + DaskCockpitPlugin.ID)
public class DaskCockpitResource extends AbstractCockpitPluginRootResource {

  /** Made by Jersey. */
  public DaskCockpitResource() {
    super(DaskCockpitPlugin.ID);
  }
}
