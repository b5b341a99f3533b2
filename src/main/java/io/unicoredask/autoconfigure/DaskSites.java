package io.unicoredask.autoconfigure;

import io.unicoredask.cluster.site.Sites;
import java.util.List;

/**
 * What processes may know of the sites: the bean {@code daskSites}, for expressions such as {@code
 * ${daskSites.names}}.
 */
public final class DaskSites {

  private final List<String> names;

  DaskSites(Sites sites) {
    names = List.copyOf(sites.names());
  }

  /** The names that variable {@code site} can have, in order. */
  public List<String> getNames() {
    return names;
  }
}
