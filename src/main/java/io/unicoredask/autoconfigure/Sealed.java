package io.unicoredask.autoconfigure;

import io.unicoredask.camunda.DaskRuntime;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.tunnel.TunnelFactory;

/**
 * What the plugin works with, credentials deep inside: a bean of which every expression of a
 * deployed process can have hold, and can call nothing. Neither it nor a method of it is public.
 */
final class Sealed {

  private final Sites sites;
  private final TunnelFactory tunnels;
  private final DaskRuntime runtime;

  Sealed(Sites sites, TunnelFactory tunnels, DaskRuntime runtime) {
    this.sites = sites;
    this.tunnels = tunnels;
    this.runtime = runtime;
  }

  Sites sites() {
    return sites;
  }

  TunnelFactory tunnels() {
    return tunnels;
  }

  DaskRuntime runtime() {
    return runtime;
  }

  /** Closes the local ports. */
  void close() {
    tunnels.close();
  }
}
