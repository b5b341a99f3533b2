package io.unicoredask.autoconfigure;

import io.unicoredask.camunda.DaskRuntime;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.tunnel.TunnelFactory;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** What tests see of the plugin, and no bean shows. */
public final class Inside {

  private Inside() {}

  public static Sites sites(ApplicationContext context) {
    return context.getBean(Sealed.class).sites();
  }

  public static DaskRuntime runtime(ApplicationContext context) {
    return context.getBean(Sealed.class).runtime();
  }

  static TunnelFactory tunnels(ApplicationContext context) {
    return context.getBean(Sealed.class).tunnels();
  }

  /** Lets tests have them injected; they are no beans for that. */
  public static void openTo(ConfigurableApplicationContext context) {
    context
        .getBeanFactory()
        .registerResolvableDependency(
            DaskRuntime.class, (ObjectFactory<DaskRuntime>) () -> runtime(context));
    context
        .getBeanFactory()
        .registerResolvableDependency(Sites.class, (ObjectFactory<Sites>) () -> sites(context));
  }
}
